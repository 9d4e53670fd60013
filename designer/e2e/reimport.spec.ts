import { expect, type Page, test } from '@playwright/test'
import { type RealPostgres, startPostgres } from '@/runtime/testing/real-postgres'
import { card, dragTable, importSql, SHOP_SQL } from './helpers'
import { importUrl, run } from './live-database'

let server: RealPostgres
test.beforeAll(async () => {
  server = await startPostgres()
})
test.afterAll(() => server.stop())

const databaseWith = async (sql: string) => {
  const url = await server.createDatabase()
  await run(url, sql)
  return url
}

const dialog = (page: Page) => page.getByRole('dialog')

/** From the kept connection to the changes. */
async function compare(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Read the database again…' }).click()
  await expect(dialog(page).getByText('The connection that is kept')).toBeVisible()
  await dialog(page).getByRole('button', { name: 'Compare' }).click()
  await expect(dialog(page).getByText('What has changed in the database')).toBeVisible({ timeout: 60_000 })
}

/** The project as it is stored on the server. */
async function stored(page: Page) {
  // Replacing the start data keeps the embedded database busy before the save has its turn.
  await expect(page.locator('[data-save-state="saved"]')).toBeVisible({ timeout: 60_000 })
  const id = new URL(page.url()).pathname.split('/')[2]
  // By the page: it asks again where the server has just given up a connection that was idle.
  return page.evaluate(async (path) => (await fetch(path)).json(), `/api/project-file/${id}`)
}

/** A scope over the column that will be renamed, written to the project on the server. */
async function restrictCustomersByName(page: Page): Promise<void> {
  const project = await stored(page)
  interface Local {
    readonly name: string
    readonly attributes: Readonly<
      Record<string, { readonly name: string; readonly source: { readonly attribute: string } }>
    >
  }
  const customers = Object.values<Local>(project.localEntities).find(({ name }) => name === 'customers')
  const name = Object.values(customers?.attributes ?? {}).find((each) => each.name === 'name')
  if (!customers || !name) throw new Error('There are no customers on the device.')
  const left = { kind: 'attribute', attribute: name.source.attribute }
  const filter = { kind: 'compare', operator: 'like', left, right: [{ kind: 'constant', value: 'A%' }] }
  Object.assign(customers, { scope: { kind: 'filter', filter } })
  const id = new URL(page.url()).pathname.split('/')[2]
  const got = await page.request.get(
    `/api/trpc/projects.get?input=${encodeURIComponent(JSON.stringify({ json: { id } }))}`,
  )
  const { revision } = (await got.json()).result.data.json
  const answer = await page.request.post('/api/trpc/projects.save', { data: { json: { id, revision, project } } })
  expect((await answer.json()).result.data.json.kind).toBe('saved')
  await page.reload()
  await expect(card(page, 'customers')).toBeVisible({ timeout: 60_000 })
}

test('a column that was renamed is read again, and all that was done with it goes on; undo and redo follow', async ({
  page,
}) => {
  const url = await databaseWith(SHOP_SQL)
  await importUrl(page, url)
  await dragTable(page, 'customers', 560, 250)
  await dragTable(page, 'invoices', 900, 250)
  // The customer's name on the invoice, read along the reference.
  await page.locator('[data-table="invoices"] [data-chevron]').click()
  await page.locator('[data-column="customer_id"] [data-chevron]').click()
  const source = await page.locator('[data-column="name"]').first().boundingBox()
  const target = await card(page, 'invoices').boundingBox()
  if (!source || !target) throw new Error('The tree or the card is not in sight.')
  await page.mouse.move(source.x + 80, source.y + source.height / 2)
  await page.mouse.down()
  await page.mouse.move(target.x + 100, target.y + 60, { steps: 10 })
  await page.mouse.up()
  await expect(card(page, 'invoices')).toContainText('name')
  await restrictCustomersByName(page)
  const before = await stored(page)

  await run(
    url,
    `alter table customers rename name to full_name;
     alter table customers add vip boolean;
     alter table invoices drop amount;
     insert into customers values (gen_random_uuid(), 'Grace', 'New York');`,
  )
  await compare(page)
  await expect(dialog(page).getByLabel('Renamed?').getByText('full_name', { exact: true })).toBeVisible()
  await expect(dialog(page).getByText('“customers.name” follows it, and keeps its own name.')).toBeVisible()
  await expect(dialog(page).getByText('“invoices.amount” has no source any more.')).toBeVisible()
  // What the team does not want yet is refused.
  await dialog(page).getByLabel('Take: customers vip').uncheck()
  await dialog(page)
    .getByRole('button', { name: /Take \d+ changes/ })
    .click()
  await expect(dialog(page)).toHaveCount(0)

  const after = await stored(page)
  expect(after.layout).toEqual(before.layout)
  expect(after.localEntities).toEqual(before.localEntities)
  const columnsOf = (project: typeof after, table: string) =>
    Object.values<{ name: string; attributes: Record<string, { name: string }> }>(project.serverEntities)
      .filter(({ name }) => name === table)
      .flatMap(({ attributes }) => Object.values(attributes).map(({ name }) => name))
      .sort()
  expect(columnsOf(after, 'customers')).toEqual(['city', 'full_name', 'id'])
  expect(columnsOf(after, 'invoices')).toEqual(['customer_id', 'id', 'state'])
  // The lost column is told where the work goes on.
  await expect(
    page
      .getByLabel('Problems', { exact: true })
      .getByText(/amount/)
      .first(),
  ).toBeVisible()

  await page.keyboard.press('Control+z')
  expect(await stored(page)).toEqual(before)
  await page.keyboard.press('Control+Shift+z')
  expect(await stored(page)).toEqual(after)

  // Only what was refused is still otherwise.
  await compare(page)
  await expect(dialog(page).getByText('1 added')).toBeVisible()
  await expect(dialog(page).getByLabel('Take: customers vip')).toBeVisible()
  await expect(dialog(page).getByText('amount')).toHaveCount(0)
})

test('a column that nothing speaks for is joined to its new name by hand, and taken apart again', async ({ page }) => {
  const url = await databaseWith(SHOP_SQL)
  await importUrl(page, url)
  await dragTable(page, 'customers', 560, 250)
  await run(url, 'alter table customers drop city; alter table customers add place_code integer')
  await compare(page)
  const question = dialog(page).getByLabel('Renamed?')
  await expect(question).toHaveCount(0)
  await dialog(page).getByLabel('New name of customers city').selectOption('place_code')
  await expect(question.getByText('place_code', { exact: true })).toBeVisible()
  await expect(dialog(page).getByText('“customers.city” follows it, and keeps its own name.')).toBeVisible()
  await question.getByRole('button', { name: 'Another one' }).click()
  await expect(dialog(page).getByText('the column is gone')).toBeVisible()
})

test('a kept connection is nowhere but on the server', async ({ page }) => {
  const url = await databaseWith(SHOP_SQL)
  const seen: string[] = []
  page.on('response', async (response) => {
    if (/\/api\//.test(response.url())) seen.push(await response.text().catch(() => ''))
  })
  await importUrl(page, url)
  await page.getByRole('button', { name: 'Read the database again…' }).click()
  await expect(dialog(page).getByText('The connection that is kept')).toBeVisible()
  seen.push(JSON.stringify(await stored(page)), await page.content())
  const password = new URL(url).password
  expect(seen.join()).toContain('127.0.0.1')
  expect(seen.join()).not.toContain(password)
})

test('a schema that is the same says so, from a dump too', async ({ page }) => {
  await page.goto('/')
  await importUrl(page, await databaseWith(SHOP_SQL))
  await page.getByRole('button', { name: 'Read the database again…' }).click()
  await dialog(page).getByRole('tab', { name: 'Paste SQL' }).click()
  await dialog(page).getByLabel('SQL', { exact: false }).last().fill(SHOP_SQL)
  await dialog(page).getByRole('button', { name: 'Compare' }).click()
  await expect(dialog(page).getByText('The schema is the same as in the project')).toBeVisible({ timeout: 60_000 })
})

test('tables are added with what they need, and the reason is told', async ({ page }) => {
  await importUrl(page, await databaseWith(SHOP_SQL))
  await page.getByRole('button', { name: 'Add entities from the database…' }).click()
  await page.keyboard.type('invoi')
  await expect(dialog(page).getByRole('listbox', { name: 'Tables' }).getByRole('option')).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press(' ')
  await expect(dialog(page).getByText('invoices refers to it by customer_id')).toBeVisible()
  await dialog(page).getByLabel('Pattern').selectOption('read-only-delta')
  await dialog(page).getByRole('button', { name: 'Add 2 entities' }).click()
  await expect(card(page, 'invoices')).toBeVisible()
  await expect(card(page, 'customers')).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.locator('[data-entity]')).toHaveCount(0)
})

test('undo of a re-import brings the former start data back with the schema, and redo the new ones', async ({
  page,
}) => {
  await importSql(page, SHOP_SQL)
  /** Changes with the rows that a preview starts from. */
  const startData = async () => {
    await expect(page.locator('[data-save-state="saved"]')).toBeVisible({ timeout: 60_000 })
    return startDataTag(page)
  }
  const before = await startData()
  await readAgainFrom(
    page,
    `${SHOP_SQL}
     alter table customers rename name to full_name;
     alter table customers rename city to town;
     insert into customers values ('00000000-0000-4000-8000-000000000002', 'Grace', 'New York');`,
  )
  const questions = dialog(page).getByLabel('Renamed?')
  await questions.getByRole('button', { name: 'None is' }).click()
  await expect(questions.getByRole('button', { name: 'Another one', pressed: true })).toHaveCount(2)
  await expect(dialog(page).getByText('2 removed')).toBeVisible()
  await questions.getByRole('button', { name: 'All are renamed' }).click()
  await expect(dialog(page).getByText('2 renamed')).toBeVisible()
  await dialog(page)
    .getByRole('button', { name: /Take \d+ changes/ })
    .click()
  await expect(dialog(page)).toHaveCount(0)
  await expect.poll(startData, { timeout: 60_000 }).not.toBe(before)
  const after = await startData()

  await page.keyboard.press('Control+z')
  await expect.poll(startData, { timeout: 60_000 }).toBe(before)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(startData, { timeout: 60_000 }).toBe(after)
  await page.reload()
  await expect(page.getByRole('tree')).toBeVisible({ timeout: 60_000 })
  expect(await startData()).toBe(after)
})

test('rows that are read again without another schema are taken, and taken back by the message that says so', async ({
  page,
}) => {
  await importSql(page, SHOP_SQL)
  const startData = () => startDataTag(page)
  const before = await startData()
  await readAgainFrom(
    page,
    `${SHOP_SQL} insert into customers values ('00000000-0000-4000-8000-000000000002', 'Grace', 'New York');`,
  )
  for (const change of await dialog(page)
    .getByRole('checkbox', { name: /^Take: / })
    .all())
    await change.uncheck()
  await dialog(page).getByRole('button', { name: /Take/ }).last().click()
  await expect.poll(startData, { timeout: 60_000 }).not.toBe(before)
  await page
    .locator('.toast', { hasText: 'The start data are now the 2 rows' })
    .getByRole('button', { name: 'Undo' })
    .click()
  await expect.poll(startData, { timeout: 60_000 }).toBe(before)
})

/** Tells whether the rows are others, without their bytes. */
const startDataTag = (page: Page): Promise<string | null> =>
  page.evaluate(async () => {
    const id = window.location.pathname.split('/')[2]
    return (await fetch(`/api/start-data/${id}`, { cache: 'no-store' })).headers.get('etag')
  })

/** From a pasted dump, with its rows, to the changes. */
async function readAgainFrom(page: Page, sql: string): Promise<void> {
  await page.getByRole('button', { name: 'Read the database again…' }).click()
  await dialog(page).getByRole('tab', { name: 'Paste SQL' }).click()
  await dialog(page).getByLabel('SQL', { exact: false }).last().fill(sql)
  await dialog(page).getByRole('button', { name: 'Compare' }).click()
  await expect(dialog(page).getByText('What has changed in the database')).toBeVisible({ timeout: 60_000 })
}
