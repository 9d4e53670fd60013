/** Why Syncline can't start; the message says what to do and is shown without a stack. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
