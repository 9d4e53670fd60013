'use client'
import { Tooltip } from '@base-ui/react/tooltip'
import type { RefObject } from 'react'
import styles from './grid.module.css'

export interface CellErrorProps {
  readonly id: string
  readonly message: string
  readonly anchor: RefObject<HTMLElement | null>
}

/** The database's own words at the cell that it refused, outside the grid's scrolling box so that nothing cuts them. */
export function CellError({ id, message, anchor }: CellErrorProps) {
  return (
    <Tooltip.Root open>
      <Tooltip.Portal>
        <Tooltip.Positioner
          anchor={anchor}
          side="bottom"
          align="start"
          sideOffset={4}
          className={styles.cellErrorPlace}
        >
          <Tooltip.Popup id={id} role="alert" className={styles.cellError}>
            {message}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
