/** What an operation answers: what it made, or why it changed nothing. */

export type OperationResult<Value = undefined> = Done<Value> | Refused
export type Done<Value> = { readonly kind: 'done'; readonly value: Value }
/** The draft is as it was. The reason is for the user to read: what is wrong and what to do. */
export type Refused = { readonly kind: 'refused'; readonly reason: string }

export const DONE: Done<undefined> = { kind: 'done', value: undefined }
export const done = <Value>(value: Value): Done<Value> => ({ kind: 'done', value })
export const refused = (reason: string): Refused => ({ kind: 'refused', reason })

/** The record was removed while something still showed it. */
export const gone = (what: string): Refused => refused(`This ${what} is no longer in the project.`)
