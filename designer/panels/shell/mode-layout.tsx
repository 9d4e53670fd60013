import type { ReactNode } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'

interface ModeLayoutProps {
  readonly left: ReactNode
  readonly centre: ReactNode
  readonly right: ReactNode
}

/** Left what there is to choose from, in the centre the canvas, right what is selected. */
export function ModeLayout({ left, centre, right }: ModeLayoutProps) {
  return (
    <Group orientation="horizontal" className="h-full">
      <Panel id="left" defaultSize={272} minSize={200} maxSize={480} groupResizeBehavior="preserve-pixel-size">
        {left}
      </Panel>
      <Separator className="split-handle" aria-label="Width of the left panel" />
      <Panel id="centre" minSize={280} className="min-w-0">
        {centre}
      </Panel>
      <Separator className="split-handle" aria-label="Width of the inspector" />
      <Panel id="right" defaultSize={300} minSize={240} maxSize={480} groupResizeBehavior="preserve-pixel-size">
        {right}
      </Panel>
    </Group>
  )
}
