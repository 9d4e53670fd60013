import { Tooltip } from '@base-ui/react/tooltip'
import clsx from 'clsx'
import type { ButtonHTMLAttributes } from 'react'
import { useMovedByTab } from './tab-moves'

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly label: string
  readonly shortcut?: string
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
}

/**
 * A button that shows only an icon: its label is read aloud, and appears on hover and where Tab brings the focus. Not
 * where a window puts the focus on it as it opens: the first Escape would then take the label away and not the window.
 */
export function IconButton({ label, shortcut, side = 'bottom', className, children, ...rest }: IconButtonProps) {
  const movedByTab = useMovedByTab()
  return (
    <Tooltip.Root
      onOpenChange={(open, details) => {
        if (open && details.reason === 'trigger-focus' && !movedByTab.current) details.cancel()
      }}
    >
      <Tooltip.Trigger
        render={<button type="button" aria-label={label} className={clsx('btn-icon', className)} {...rest} />}
      >
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={6} className="z-[70]">
          <Tooltip.Popup className="tooltip">
            {label}
            {shortcut && <kbd className="kbd">{shortcut}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
