/**
 * A transaction that can be ended from outside: one that took too long is rolled back while the app's function still
 * runs, and what that calls later must not reach the next transaction.
 */

/** @param assertOpen throws where the storage itself is no longer this device's */
export async function within<Tx extends object, T>(
  transaction: Tx,
  fn: (tx: Tx) => Promise<T>,
  assertOpen: () => void = () => undefined,
): Promise<T> {
  let isOver = false
  const tx = new Proxy(transaction, {
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, receiver)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        if (isOver)
          throw new Error('This transaction is over. Use the one that its function was given, before it ends.')
        assertOpen()
        return value(...args)
      }
    },
  })
  try {
    return await fn(tx)
  } finally {
    isOver = true
  }
}
