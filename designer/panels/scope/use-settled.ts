import { useEffect, useState } from 'react'

/** Long enough that no key asks the server something, short enough that nobody waits. */
const QUIET_MS = 350

/** A value once it has not changed for a while. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), QUIET_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
