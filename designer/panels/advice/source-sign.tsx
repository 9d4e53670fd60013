import { Ruler, Sparkles } from 'lucide-react'

/** Whether a figure comes from data, or from types and assumptions. */
export function SourceSign({ measured, title }: { readonly measured: boolean; readonly title?: string }) {
  const Icon = measured ? Ruler : Sparkles
  return (
    <span className="badge" title={title}>
      <Icon aria-hidden />
      {measured ? 'measured' : 'estimated'}
    </span>
  )
}
