import { useEffect, useState } from 'react'

/** The time, each second, and at once whenever `since` changes; it stands still while `since` is null. */
export function useNow(since: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    setNow(Date.now())
    if (since === null) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [since])
  return now
}
