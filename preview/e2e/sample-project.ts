import { type APIRequestContext, expect, type Locator, type Page } from '@playwright/test'

/** Makes a project of the sample, over the server's own API, and answers its id. */
export async function openSample(request: APIRequestContext): Promise<string> {
  const response = await request.post('/api/trpc/projects.openSample', { data: {} })
  expect(response.ok(), await response.text()).toBe(true)
  return (await response.json()).result.data.json.id
}

export interface Preview {
  readonly main: Locator
  readonly first: Locator
  readonly second: Locator
  readonly server: Locator
}

/** Opens a project's preview and waits until its three workers are ready. */
export async function openPreview(page: Page, projectId: string): Promise<Preview> {
  await page.goto(`/projects/${projectId}/preview`)
  const main = page.getByRole('main', { name: /^Preview of/ })
  await expect(main).toHaveAttribute('data-phase', 'running', { timeout: 60_000 })
  return {
    main,
    first: page.getByRole('region', { name: 'Device 1' }),
    second: page.getByRole('region', { name: 'Device 2' }),
    server: page.getByRole('region', { name: 'Server' }),
  }
}

export const sync = (device: Locator) => device.getByRole('button', { name: 'Sync' }).click()

export const expectEqual = (device: Locator) =>
  expect(device.locator('[data-verdict]')).toHaveAttribute('data-verdict', 'equal', { timeout: 30_000 })

export const openTable = (frame: Locator, table: string) => frame.getByRole('tab', { name: table, exact: true }).click()

/** The cell in a column of the row that shows `text`. */
export async function cellOf(frame: Locator, text: string, column: string): Promise<Locator> {
  const names = await frame.getByRole('columnheader').allInnerTexts()
  const index = names.findIndex((name) => name.split(/\s/)[0] === column)
  return frame.getByRole('row').filter({ hasText: text }).first().getByRole('gridcell').nth(index)
}

export async function editCell(frame: Locator, cell: Locator, column: string, value: string): Promise<void> {
  await cell.dblclick()
  const field = frame.getByRole('textbox', { name: column, exact: true })
  await field.fill(value)
  await field.press('Enter')
}

/** What is other than usual about a table's local entity; attributes by name. */
export interface EntityChange {
  readonly pattern?: (attributes: Readonly<Record<string, string>>) => object
  readonly sensitive?: readonly string[]
  readonly files?: readonly string[]
}

/** Imports a dump with its rows and makes each of its tables a local entity; answers the project's id. */
export async function importWhole(
  request: APIRequestContext,
  sql: string,
  changes: Readonly<Record<string, EntityChange>> = {},
): Promise<string> {
  const imported = await request.post('/api/import', {
    headers: { 'content-type': 'application/sql', 'x-file-name': 'dump.sql', 'x-keep-data': 'true' },
    data: sql,
  })
  const last = JSON.parse((await imported.text()).trim().split('\n').at(-1) ?? '')
  expect(last).toMatchObject({ kind: 'imported' })
  const input = encodeURIComponent(JSON.stringify({ json: { id: last.id } }))
  const stored = (await (await request.get(`/api/trpc/projects.get?input=${input}`)).json()).result.data.json
  const project = addAllEntities(stored.project, changes)
  const saved = await request.post('/api/trpc/projects.save', {
    data: { json: { id: last.id, revision: stored.revision, project } },
  })
  expect(saved.ok(), await saved.text()).toBe(true)
  return last.id
}

interface StoredProject {
  readonly serverEntities: Readonly<Record<string, StoredEntity>>
}

interface StoredEntity {
  readonly id: string
  readonly name: string
  readonly primaryKey: readonly string[]
  readonly attributes: Readonly<Record<string, StoredAttribute>>
}

interface StoredAttribute {
  readonly id: string
  readonly name: string
  readonly order: number
  readonly type: string
}

function addAllEntities(project: StoredProject, changes: Readonly<Record<string, EntityChange>>): object {
  const entities = Object.values(project.serverEntities).map((root, order) =>
    toLocalEntity(root, order, changes[root.name] ?? {}),
  )
  const unit = {
    id: 'su_default',
    name: 'Default',
    order: 1,
    entities: Object.fromEntries(entities.map(({ id, order }) => [id, { order }])),
    triggers: {
      syncOnOnline: true,
      syncOnLogin: false,
      syncOnResume: false,
      intervalInSeconds: null,
      afterLocalChangeInSeconds: null,
      serverPoke: false,
    },
    retryOnError: false,
    retryIntervalInSeconds: 5,
    backoff: 'exponential',
    priority: 0,
    network: 'any',
    flow: 'fl_default',
  }
  return {
    ...project,
    localEntities: Object.fromEntries(entities.map((entity) => [entity.id, entity])),
    syncUnits: { [unit.id]: unit },
    flows: { fl_default: { id: 'fl_default', name: 'Default', kind: 'from-patterns' } },
  }
}

function toLocalEntity(root: StoredEntity, order: number, { pattern, sensitive = [], files = [] }: EntityChange) {
  const attributes = Object.values(root.attributes).map(({ id, name, order: place }) => [
    id,
    {
      id,
      name,
      order: place,
      source: { kind: 'root', attribute: id },
      sensitive: sensitive.includes(name),
      readOnly: false,
      required: false,
      default: null,
      transfer: files.includes(name) ? 'file' : 'inline',
    },
  ])
  const idsByName = Object.fromEntries(Object.values(root.attributes).map(({ id, name }) => [name, id]))
  return {
    id: `le_${order}`,
    name: root.name,
    order,
    root: root.id,
    attributes: Object.fromEntries(attributes),
    keyStrategy: root.primaryKey.every((id) => root.attributes[id]?.type === 'uuid') ? 'device-uuid' : 'natural',
    scope: { kind: 'all' },
    writeScope: null,
    direction: 'both',
    pattern: pattern?.(idsByName) ?? { kind: 'last-write-wins', decidedBy: 'arrival', granularity: 'attribute' },
    indexes: {},
  }
}
