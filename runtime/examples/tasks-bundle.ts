/** A bundle as the compiler makes it, by hand: tasks that a team shares, each user the tasks of his own team. */
import { BUNDLE_VERSION, type Bundle, type ScopeRule } from '../contract'

export const TASKS_SQL = `
create table tasks (
  id uuid primary key default gen_random_uuid(), team text not null, title text not null, done boolean not null default false, photo bytea
);
insert into tasks (team, title) values ('north', 'Read the meter'), ('north', 'Change the valve'), ('south', 'Paint the door');
`

const OWN_TEAM: ScopeRule = {
  where: `b.team = session.claims ->> 'team'`,
  columns: ['team'],
  claims: ['team'],
  tables: [],
  readsTime: false,
}

const attribute = (name: string, type: string, fallback: string | null = null) => ({
  id: name,
  name,
  column: name,
  type,
  nullable: false,
  default: fallback,
  readOnly: false,
  sensitive: false,
})

export const TASKS_BUNDLE: Bundle = {
  bundleVersion: BUNDLE_VERSION,
  projectId: 'pr_tasks',
  projectName: 'Tasks',
  schemaHash: 'tasks-1',
  types: [],
  entities: [
    {
      id: 'le_task',
      name: 'Tasks',
      table: 'tasks',
      server: { id: 'se_task', schema: 'public', table: 'tasks' },
      attributes: [
        attribute('id', 'uuid'),
        attribute('team', 'text'),
        attribute('title', 'text'),
        attribute('done', 'boolean', 'false'),
      ],
      key: ['id'],
      keyStrategy: 'device-uuid',
      direction: 'both',
      pattern: {
        kind: 'conflict-detection',
        granularity: 'row',
        handler: 'ch_park',
        handledOn: 'server',
        blocksSync: false,
      },
      references: [],
      uniques: [],
      indexes: [],
      scope: { read: OWN_TEAM, write: null },
    },
  ],
  units: [
    {
      id: 'su_default',
      name: 'Default',
      entities: ['le_task'],
      triggers: {
        onOnline: true,
        onLogin: false,
        onResume: false,
        intervalMs: null,
        afterLocalChangeMs: null,
        onPoke: false,
      },
      retry: { onError: true, intervalMs: 5000, backoff: 'exponential' },
      priority: 0,
      network: 'any',
      run: (flow) => flow.exchange({ push: true, pull: ['le_task'] }),
    },
  ],
  handlers: [{ id: 'ch_park', name: 'Ask the user', version: '1', decide: () => ({ kind: 'park' }) }],
}

/** The same with a photo of each task, which travels as a file. */
export const PHOTO_BUNDLE: Bundle = {
  ...TASKS_BUNDLE,
  entities: TASKS_BUNDLE.entities.map((entity) => ({
    ...entity,
    attributes: [...entity.attributes, { ...attribute('photo', 'text'), nullable: true, file: 'bytea' }],
  })),
}
