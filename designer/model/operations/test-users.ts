/** Operations on the users as whom scopes are tried out. */
import type { Ids } from '../ids'
import { freeName } from '../names'
import type { Project, TestUser } from '../project'
import { nextOrder } from './order'
import { DONE, done, gone, type OperationResult, refused } from './result'

/** Adds a user; answers its id. */
export function addTestUser(
  draft: Project,
  user: { readonly name: string; readonly claims: TestUser['claims'] },
  ids: Ids,
): OperationResult<string> {
  const taken = new Set(Object.values(draft.testUsers).map(({ name }) => name))
  const name = freeName(user.name, (candidate) => taken.has(candidate))
  const id = ids('testUser', name, (candidate) => candidate in draft.testUsers)
  draft.testUsers[id] = { id, name, order: nextOrder(draft.testUsers), claims: user.claims }
  return done(id)
}

export function renameTestUser(draft: Project, id: string, name: string): OperationResult {
  const user = draft.testUsers[id]
  if (user === undefined) return gone('test user')
  if (name.trim() === '') return refused('A test user needs a name: it is the session’s user_name.')
  const twin = Object.values(draft.testUsers).find((other) => other.name === name && other.id !== id)
  if (twin !== undefined) return refused(`There is a test user "${name}" already. Choose another name.`)
  user.name = name
  return DONE
}

export function setTestUserClaims(draft: Project, id: string, claims: TestUser['claims']): OperationResult {
  const user = draft.testUsers[id]
  if (user === undefined) return gone('test user')
  user.claims = claims
  return DONE
}

/** Sets one claim; null as a JSON value is a value, `undefined` removes the claim. */
export function setTestUserClaim(
  draft: Project,
  id: string,
  claim: string,
  value: TestUser['claims'][string] | undefined,
): OperationResult {
  const user = draft.testUsers[id]
  if (user === undefined) return gone('test user')
  if (claim.trim() === '') return refused('A claim needs a name.')
  if (value === undefined) delete user.claims[claim]
  else user.claims[claim] = value
  return DONE
}

export function removeTestUser(draft: Project, id: string): OperationResult {
  if (draft.testUsers[id] === undefined) return gone('test user')
  delete draft.testUsers[id]
  return DONE
}
