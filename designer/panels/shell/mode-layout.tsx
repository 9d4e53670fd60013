import { type ReactNode, useRef } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { useToastPlace } from './use-toast-place'

interface ModeLayoutProps {
  /** Names the page for whoever does not see which mode is lit. */
  readonly title: string
  readonly left: ReactNode
  readonly centre: ReactNode
  readonly right: ReactNode
}

/** Left what there is to choose from, in the centre the canvas, right what is selected. */
export function ModeLayout({ title, left, centre, right }: ModeLayoutProps) {
  const middle = useRef<HTMLElement>(null)
  useToastPlace(middle)
  return (
    <Group orientation="horizontal" className="h-full">
      <Panel id="left" defaultSize={272} minSize={200} maxSize={480} groupResizeBehavior="preserve-pixel-size">
        {left}
      </Panel>
      <Separator className="split-handle" aria-label="Width of the left panel" />
      <Panel id="centre" minSize={280} className="min-w-0">
        <main ref={middle} className="relative h-full">
          <h1 className="visually-hidden">{title}</h1>
          {centre}
        </main>
      </Panel>
      <Separator className="split-handle" aria-label="Width of the inspector" />
      <Panel id="right" defaultSize={300} minSize={240} maxSize={480} groupResizeBehavior="preserve-pixel-size">
        {right}
      </Panel>
    </Group>
  )
}
