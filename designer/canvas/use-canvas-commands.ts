import { useEffect } from 'react'
import { usePanels, useSession } from '@/designer/stores/session'
import type { CanvasActions } from './use-canvas-actions'

interface Ways {
  readonly actions: CanvasActions
  readonly arrange: () => void
  readonly exportPicture: () => void
}

/** Does what keys and palette ask of the canvas, also where its mode had to be opened for it first. */
export function useCanvasCommands({ actions, arrange, exportPicture }: Ways): void {
  const { panels } = useSession()
  const command = usePanels((state) => state.canvasCommand)
  useEffect(() => {
    if (command === null) return
    panels.setState({ canvasCommand: null })
    switch (command) {
      case 'arrange':
        return arrange()
      case 'export-picture':
        return exportPicture()
      case 'note':
        return actions.note()
      case 'group':
        return actions.group()
      case 'select-all':
        return actions.selectAll()
      case 'rename':
        return actions.rename()
    }
  }, [command, panels, actions, arrange, exportPicture])
}
