/**
 * What a store that is no PostgreSQL refuses of the app's, under PostgreSQL's own code for it: by the code the entity
 * actions tell what was wrong, in the same words whatever the store.
 */
export class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal'
  constructor(
    readonly code: '23502' | '23503' | '23505',
    message: string,
  ) {
    super(message)
  }
}
