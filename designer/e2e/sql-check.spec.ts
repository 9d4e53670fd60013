import { expect, type Page, test } from '@playwright/test'
import { card, importSql, saved } from './helpers'

const SQL = `
create table customers (id uuid primary key, name text not null, city varchar(40));
create table orders (
  id uuid primary key, customer_id uuid not null references customers, qty integer, price numeric(10, 2)
);
`

/** PostgreSQL is opened with the first question, which takes seconds where the machine is busy. */
const FIRST_ANSWER = { timeout: 30_000 }

test.beforeEach(async ({ page }) => {
  await importSql(page, SQL)
  await page.locator('[data-table="orders"]').click()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Add to canvas' }).click()
  await expect(card(page, 'orders')).toBeVisible()
})

const inspector = (page: Page) => page.getByLabel('Inspector', { exact: true })
const problems = (page: Page) => inspector(page).getByRole('list', { name: 'Problems' })
const expression = (page: Page) => inspector(page).getByLabel('SQL expression')
const type = (page: Page) => inspector(page).getByLabel(/^Type of its value/)

async function compute(page: Page): Promise<void> {
  await inspector(page).getByRole('button', { name: 'Add computed' }).click()
}

test('the type of a computed attribute is PostgreSQL’s until another is chosen', async ({ page }) => {
  await compute(page)
  await expression(page).fill('b.qty * b.price')
  await expect(type(page)).toHaveValue('numeric', FIRST_ANSWER)
  await expression(page).fill('b.qty > 3')
  await expect(type(page)).toHaveValue('boolean')

  await type(page).fill('text')
  await expect(problems(page)).toContainText('has the type text, and PostgreSQL works out boolean')
  await expression(page).fill('b.qty * 2')
  await expect(problems(page)).toContainText('PostgreSQL works out integer')
  await expect(type(page)).toHaveValue('text')
  await problems(page).getByRole('button', { name: 'Take the type integer' }).click()
  await expect(type(page)).toHaveValue('integer')
  await expect(problems(page)).toHaveCount(0)

  await type(page).fill('')
  await expect(problems(page)).toContainText('has no type yet')
  await expect(type(page)).toHaveAttribute('placeholder', 'integer')
  await expression(page).focus()
  await expect(type(page)).toHaveValue('integer')
})

test('an expression that PostgreSQL refuses is told at its place, on the card, and stops the export', async ({
  page,
}) => {
  await compute(page)
  await expression(page).fill('b.qty as z')
  await expect(problems(page)).toContainText(
    'can\'t be worked out: syntax error at or near "as" (at “as z”, character 7)',
    FIRST_ANSWER,
  )
  await expect(card(page, 'orders').getByTitle('1 error')).toBeVisible()
  await page.getByRole('button', { name: /^Problems: 1 error/ }).click()
  await expect(page.getByRole('list', { name: 'Problems' }).last()).toContainText('SL3021')

  await saved(page)
  await page.getByRole('link', { name: 'Export' }).click()
  await expect(page.getByRole('heading', { name: 'No bundle yet' })).toBeVisible(FIRST_ANSWER)
  await expect(page.getByTestId('mode').getByText('syntax error at or near "as"')).toBeVisible()
})

test('a scope that PostgreSQL refuses is told above it, in its own words, until it is mended', async ({ page }) => {
  await card(page, 'orders').click({ position: { x: 40, y: 12 } })
  await page.getByRole('tab', { name: 'Scope', exact: true }).click()
  await page.getByRole('button', { name: 'SQL', exact: true }).click()
  const condition = page.getByRole('textbox', { name: 'Condition in SQL' })
  const found = page.getByRole('list', { name: 'Problems of this scope' })
  await condition.fill("b.customer_id = session.claims ->> 'customer'")
  await expect(found).toContainText('operator does not exist: uuid = text', FIRST_ANSWER)
  // A test user’s card says only that there is no count: what is wrong stands beside it.
  await page.getByRole('button', { name: 'User', exact: true }).click()
  const user = page.getByRole('region', { name: 'Test users' }).getByRole('button', { name: /^user / })
  await expect(user).toHaveText('user not counted')
  await condition.fill('b.qty')
  await expect(found).toContainText('gives integer, and has to be true or false for a row')
  await condition.fill('may_see(b.id)')
  await expect(found).toContainText('could not be checked: function may_see(uuid) does not exist')
  await condition.fill("b.customer_id = (session.claims ->> 'customer')::uuid")
  await expect(found).toHaveCount(0)
  // Now it is counted, and what fails is told of the user whose claim it is.
  await expect(user).toContainText('A value can’t be read as the type that is wanted')
  await page.getByRole('textbox', { name: 'Claim customer', exact: true }).fill(crypto.randomUUID())
  await expect(user.locator('[data-rows]')).toHaveText(/^0 rows/)
})

test('where the server is away, it is said that nobody was asked, and asked again', async ({ page }) => {
  await page.route('**/api/trpc/sql.ask*', (route) => route.abort())
  await compute(page)
  const note = inspector(page).getByRole('status')
  await expect(note).toContainText('PostgreSQL was not asked about 1 expression or scope: The server is away.')
  await page.unroute('**/api/trpc/sql.ask*')
  await note.getByRole('button', { name: 'Ask again' }).click()
  await expect(note).toHaveCount(0, FIRST_ANSWER)
})
