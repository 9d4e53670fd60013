/** What the simulator reads of the messages that it carries. */
import { type Group, type Outcome, SyncRequest, SyncResponse } from '../../protocol/messages'

export function parseGroups(request: string): readonly Group[] {
  const parsed = SyncRequest.safeParse(parse(request))
  return parsed.success ? parsed.data.push : []
}

export function parseOutcomes(answer: string): readonly Outcome[] {
  const parsed = SyncResponse.safeParse(parse(answer))
  return parsed.success ? parsed.data.outcomes : []
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
