/** Decides from a statement's first words what the import does with it. Pure. */
import { extensionNamedBy } from './extensions'
import type { SkipKind } from './import-result'

export type StatementPlan =
  /** Runs together with its neighbours. */
  | { readonly kind: 'run'; readonly onFailure: SkipKind }
  | { readonly kind: 'run-alone'; readonly onFailure: SkipKind }
  | { readonly kind: 'extension'; readonly name: string }
  /** Runs if the role exists. */
  | { readonly kind: 'owner'; readonly role: string }
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  | { readonly kind: 'skip'; readonly skip: SkipKind; readonly reason: string; readonly instead: string | null }

const RULES: readonly { readonly pattern: RegExp; readonly plan: StatementPlan }[] = [
  { pattern: /^(begin|start\s+transaction)\b/i, plan: { kind: 'begin' } },
  {
    pattern:
      /^rollback\s+(?:(?:work|transaction)\s+)?to\b|^(savepoint|release|prepare\s+transaction|(commit|rollback)\s+prepared)\b/i,
    plan: skip(
      'transaction',
      'A savepoint or a prepared transaction plays no part in an import.',
      'What it encloses was run.',
    ),
  },
  { pattern: /^(commit|end)\b/i, plan: { kind: 'commit' } },
  { pattern: /^(rollback|abort)\b/i, plan: { kind: 'rollback' } },

  {
    pattern: /^(create|drop)\s+database\b/i,
    plan: skip('database', 'A dump is read into one database of its own.', 'Everything was read into that database.'),
  },
  {
    pattern:
      /^(alter\s+database|alter\s+system|(create|alter|drop)\s+tablespace|comment\s+on\s+(database|tablespace)|security\s+label)\b/i,
    plan: skip('database', 'It is about the server, not about the schema.'),
  },
  {
    pattern:
      /^(create|alter|drop|comment\s+on)\s+(role|group|user(?!\s+mapping))\b|^(reassign|drop)\s+owned\b|^alter\s+default\s+privileges\b/i,
    plan: skip('role', 'Roles and their rights play no part in a schema.'),
  },
  {
    pattern: /^set\s+(session\s+|local\s+)?(role|session\s+authorization)\b|^reset\s+(role|session\s+authorization)\b/i,
    plan: skip('role', 'Everything is run as one role.'),
  },
  {
    pattern: /^(create|alter|drop|comment\s+on)\s+(publication|subscription)\b/i,
    plan: skip('database', 'Replication plays no part in a schema, and an import must not connect elsewhere.'),
  },
  {
    pattern: /^(vacuum|analyze|analyse|cluster|checkpoint|reindex|listen|unlisten|notify|load|discard)\b/i,
    plan: skip('maintenance', 'It changes nothing in a schema.'),
  },
  {
    pattern: /^set\s+(session\s+|local\s+)?client_encoding\s*(=|\bto\b)(?!\s*'?(utf-?8|unicode)\b)/i,
    plan: skip('setting', 'The file was read as UTF-8, which it is.'),
  },
  { pattern: /^(set|reset)\b/i, plan: { kind: 'run-alone', onFailure: 'setting' } },
  { pattern: /^select\s+(pg_catalog\.)?set_config\b/i, plan: { kind: 'run-alone', onFailure: 'setting' } },
  { pattern: /^(grant|revoke)\b/i, plan: { kind: 'run-alone', onFailure: 'role' } },
  { pattern: /^(comment\s+on|alter|drop)\s+extension\b/i, plan: { kind: 'run-alone', onFailure: 'extension' } },
  { pattern: /^(lock|declare|fetch|close|move)\b/i, plan: { kind: 'run-alone', onFailure: 'transaction' } },

  {
    pattern: /^(insert|update|delete|merge|copy|select|with|truncate|call|do|table|values|refresh)\b/i,
    plan: { kind: 'run', onFailure: 'data' },
  },
  {
    pattern:
      /^(create|alter|drop|comment\s+on)\s+(or\s+replace\s+)?(constraint\s+|event\s+)?(function|procedure|routine|aggregate|trigger|policy|rule|operator|cast|transform|language|trusted\s+language|statistics|text\s+search|collation|conversion|access\s+method|foreign\s+data\s+wrapper|server|user\s+mapping|index)\b/i,
    plan: { kind: 'run', onFailure: 'code' },
  },
]

export function classifyStatement(text: string): StatementPlan {
  const extension = extensionNamedBy(text)
  if (extension !== null) return { kind: 'extension', name: extension }
  const owner = /^alter\b[^;]*\bowner\s+to\s+(?:"((?:[^"]|"")+)"|([\w$\u0080-\uffff]+))$/i.exec(text)
  if (owner !== null) return { kind: 'owner', role: owner[1]?.replaceAll('""', '"') ?? (owner[2] ?? '').toLowerCase() }
  for (const { pattern, plan } of RULES) {
    if (pattern.test(text)) return plan
  }
  return { kind: 'run', onFailure: 'definition' }
}

function skip(kind: SkipKind, reason: string, instead: string | null = null): StatementPlan {
  return { kind: 'skip', skip: kind, reason, instead }
}
