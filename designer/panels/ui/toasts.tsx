'use client'
import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { useToastSide } from './use-toast-side'

/** Gives everything below it short messages with, where a step can be undone, a button to do so. */
export function ToastsProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider timeout={6000} limit={4}>
      {children}
      <Toast.Portal>
        <ToastList />
      </Toast.Portal>
    </Toast.Provider>
  )
}

export interface ToastMessage {
  readonly message: string
  readonly urgent?: boolean
  readonly action?: { readonly label: string; readonly run: () => void }
}

/** Answers a function that shows a message. */
export function useToast(): (toast: ToastMessage) => void {
  const { add } = Toast.useToastManager()
  return ({ message, urgent, action }) => {
    add({
      // The same message again takes the place of the one that is there. One with an action is its own: what it
      // undoes differs even where the words do not.
      ...(!action && { id: message }),
      title: message,
      type: urgent ? 'urgent' : 'note',
      timeout: action || urgent ? 10_000 : 6000,
      ...(action && { actionProps: { children: action.label, onClick: action.run } }),
    })
  }
}

/** As which it would be announced otherwise: nothing waits for an answer. */
const NOT_A_DIALOG = { role: 'group', 'aria-modal': undefined } as const

function ToastList() {
  const { toasts, close } = Toast.useToastManager()
  const viewport = useRef<HTMLDivElement>(null)
  useToastSide(viewport, toasts.map(({ id }) => id).join(' '))
  const shown = toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} {...NOT_A_DIALOG} className="toast">
      <Toast.Title className="row-text whitespace-normal text-sm font-medium" />
      {toast.actionProps && (
        <Toast.Action
          className="btn btn-sm"
          onClick={(event) => {
            toast.actionProps?.onClick?.(event)
            close(toast.id)
          }}
        />
      )}
      {/* The toasts here are never stacked, so the button is always there to see and to reach. */}
      <Toast.Close className="btn-icon" aria-label="Dismiss" aria-hidden={undefined}>
        <X />
      </Toast.Close>
    </Toast.Root>
  ))
  return (
    <Toast.Viewport ref={viewport} className="toasts">
      {shown}
    </Toast.Viewport>
  )
}
