'use client'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import styles from '../preview.module.css'

/** How much of what is shown one press on an arrow moves. */
const STEP = 0.7

/** A strip of tabs that scrolls where they don't fit: its ends fade and carry arrows while there is more that way. */
export function TabScroller({ children }: { readonly children: ReactNode }) {
  const strip = useRef<HTMLDivElement>(null)
  const [more, setMore] = useState({ before: false, after: false })
  useEffect(() => {
    const element = strip.current
    if (!element) return
    const measure = () => {
      const behind = element.scrollWidth - element.clientWidth - element.scrollLeft
      const next = { before: element.scrollLeft > 1, after: behind > 1 }
      setMore((old) => (old.before === next.before && old.after === next.after ? old : next))
    }
    const follow = ({ target }: FocusEvent) =>
      target instanceof Element && target.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    const observer = new ResizeObserver(measure)
    for (const watched of [element, ...element.children]) observer.observe(watched)
    element.addEventListener('scroll', measure, { passive: true })
    element.addEventListener('focusin', follow)
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', measure)
      element.removeEventListener('focusin', follow)
    }
  }, [])
  const move = (direction: 1 | -1) => {
    const element = strip.current
    element?.scrollBy({ left: direction * STEP * element.clientWidth })
  }
  return (
    <div role="presentation" className={styles.tabStrip}>
      <div
        ref={strip}
        role="presentation"
        className={styles.tabScroller}
        data-more-before={more.before || undefined}
        data-more-after={more.after || undefined}
        onWheel={({ deltaX, deltaY }) => strip.current?.scrollBy({ left: deltaX || deltaY })}
      >
        {children}
      </div>
      {/* For the pointer alone: the keyboard moves from tab to tab, and the strip follows. */}
      {more.before && (
        <span aria-hidden className={styles.tabArrow} data-side="before" title="More tables" onClick={() => move(-1)}>
          <ChevronLeft />
        </span>
      )}
      {more.after && (
        <span aria-hidden className={styles.tabArrow} data-side="after" title="More tables" onClick={() => move(1)}>
          <ChevronRight />
        </span>
      )}
    </div>
  )
}
