import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { card, importSql, saved } from './helpers'

/** Depots with orders, and lines of those; one order has no depot. */
const DEPOTS_SQL = `
create type state as enum ('open', 'done');
create table depots (id integer primary key, city text not null, is_active boolean not null default true);
create table orders (
  id integer primary key,
  depot_id integer references depots,
  title text not null,
  state state not null default 'open',
  weight numeric(8, 2)
);
create table lines (order_id integer references orders, part text, primary key (order_id, part));
insert into depots values (1, 'Basel', true), (2, 'Lyon', true), (3, 'Graz', false);
insert into orders select n, nullif(n % 4, 0), 'Order ' || n, case when n % 5 = 0 then 'done' else 'open' end::state, n
  from generate_series(1, 40) as n;
insert into lines select id, 'bolt' from orders;
`

const panel = (page: Page) => page.getByRole('region', { name: 'Lower panel' })
const rowsOf = (page: Page, user: string) =>
  panel(page)
    .getByRole('button', { name: new RegExp(`^${user} `) })
    .locator('[data-rows]')
const sentence = (page: Page) => panel(page).locator('.scope-sentence')

test.describe('the scope of an entity', () => {
  test.beforeEach(async ({ page }) => {
    await importSql(page, DEPOTS_SQL)
    await page.locator('[data-table="lines"]').click({ button: 'right' })
    await page.getByRole('menuitem', { name: /Add with the 2 tables it refers to/ }).click()
    await expect(card(page, 'depots')).toBeVisible()
    await saved(page)
  })

  test('is built by keyboard alone, in words as it grows, with the rows of each user', async ({ page }) => {
    await openScope(page, 'orders')
    await panel(page).getByRole('button', { name: 'Add a condition' }).focus()
    await page.keyboard.press('Enter')
    const add = panel(page).getByRole('button', { name: 'Condition', exact: true })
    await add.focus()
    await page.keyboard.press('Enter')
    // Through the reference, without a mouse.
    await page.keyboard.type('depot city')
    await expect(page.getByRole('option', { name: /depot\.city/ })).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(panel(page).getByRole('button', { name: 'Column: depot.city' })).toBeFocused()
    await page.keyboard.press('Tab')
    await expect(panel(page).getByLabel('How it is compared')).toBeFocused()
    await page.keyboard.press('Tab')
    await page.keyboard.press('c')
    await expect(panel(page).getByRole('combobox', { name: 'Claim' })).toBeVisible()
    await panel(page).getByRole('combobox', { name: 'Claim' }).fill('city')
    await expect(sentence(page)).toContainText('rows where depot.city is the claim city')

    await panel(page).getByRole('button', { name: 'User', exact: true }).click()
    await expect(rowsOf(page, 'user')).toHaveText(/^0 rows/)
    await panel(page).getByRole('textbox', { name: 'Claim city', exact: true }).fill('Basel')
    await expect(rowsOf(page, 'user')).toHaveText(/^10 rows/)
    await expect(panel(page).getByText('sample data')).toBeVisible()

    await add.click()
    await page.keyboard.type('state')
    await page.keyboard.press('Enter')
    await expect(sentence(page)).toContainText('and state is “open”')
    await expect(rowsOf(page, 'user')).toHaveText(/^8 rows/)

    // Alt with the arrows moves it, with Backspace removes it; undo brings it back.
    await panel(page).getByRole('button', { name: 'Column: state' }).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await expect(sentence(page)).toContainText('state is “open”, and depot.city')
    await expect(panel(page).getByRole('button', { name: 'Column: state' })).toBeFocused()
    await page.keyboard.press('Alt+Backspace')
    await expect(sentence(page)).toHaveText('A device holds rows where depot.city is the claim city')
    await page.keyboard.press('Control+z')
    await expect(sentence(page)).toContainText('state is “open”, and depot.city')
  })

  test('offers fields that fit the column, and says what does not fit at its condition', async ({ page }) => {
    await openScope(page, 'orders')
    await panel(page).getByRole('button', { name: 'Add a condition' }).click()
    const add = panel(page).getByRole('button', { name: 'Condition', exact: true })
    await add.click()
    await page.keyboard.type('depot.is_active')
    await page.keyboard.press('Enter')
    await expect(panel(page).getByLabel('Value').locator('option')).toHaveText(['true', 'false'])
    await add.click()
    await page.keyboard.type('state')
    await page.keyboard.press('Enter')
    await expect(panel(page).getByLabel('Value').nth(1).locator('option')).toHaveText(['open', 'done'])
    await add.click()
    await page.keyboard.type('weight')
    await page.keyboard.press('Enter')
    const weight = panel(page).getByLabel('Value').nth(2)
    await weight.fill('heavy')
    await expect(weight).toHaveAttribute('aria-invalid', 'true')
    await expect(panel(page).locator('[data-term="2"]')).toContainText(
      'compares with "heavy", which is no numeric(8,2)',
    )
    await weight.fill('12.5')
    await expect(panel(page).locator('.scope-problem')).toHaveCount(0)
  })

  test('explains why a row is not on a device', async ({ page }) => {
    await openScope(page, 'orders')
    await panel(page).getByRole('button', { name: 'SQL', exact: true }).click()
    await panel(page)
      .getByLabel('Condition in SQL')
      .fill("b.state = 'open' and b.weight < (session.claims ->> 'limit')::int")
    await panel(page).getByRole('button', { name: 'User', exact: true }).click()
    await panel(page).getByRole('textbox', { name: 'Claim limit', exact: true }).fill('11')
    await expect(rowsOf(page, 'user')).toHaveText(/^8 rows/)
    await panel(page).getByRole('button', { name: 'Row', exact: true }).click()
    await page.keyboard.type('Order 37')
    await expect(page.getByRole('dialog', { name: 'Rows' }).getByRole('option')).toHaveCount(1)
    await page.keyboard.press('Enter')
    const why = panel(page).getByRole('region', { name: 'Why a row is on the device' })
    await expect(why).toContainText('No, it is not in the scope. What decided it: b.weight < (session.claims')
    await expect(
      why
        .getByRole('listitem')
        .filter({ hasText: /^b\.state/ })
        .getByLabel('holds'),
    ).toBeVisible()
    await panel(page).getByRole('textbox', { name: 'Claim limit', exact: true }).fill('90')
    await expect(why).toContainText('Yes, it is in the scope.')
    // A claim that does not fit is told, with what to do.
    await panel(page).getByRole('textbox', { name: 'Claim limit', exact: true }).fill('many')
    await expect(panel(page).getByText('no count')).toBeVisible()
    await expect(
      panel(page)
        .getByText(/A value can’t be read as the type that is wanted/)
        .first(),
    ).toBeVisible()
  })

  test('that fails for a row is a problem, and says for whom, why and with which row', async ({ page }) => {
    await openScope(page, 'orders')
    await panel(page).getByRole('button', { name: 'SQL', exact: true }).click()
    const sql = panel(page).getByLabel('Condition in SQL')
    await panel(page).getByRole('button', { name: 'User', exact: true }).click()
    // It fails for the seventh order alone.
    await sql.fill('10 / (b.id - 7) < 100')
    await expect(panel(page).getByText('no count')).toBeVisible()
    await expect(
      panel(page).getByText(/It divides by zero, .*The first row that it fails for has the key 7\./),
    ).toBeVisible()
    const findings = panel(page).getByRole('list', { name: 'Problems of this scope' })
    await expect(findings).toContainText('has /, which fails for some values')
    // It is a problem of the project while it holds, and goes with the condition.
    const tab = page.getByRole('tab', { name: /Problems/ })
    const problems = panel(page).getByRole('list', { name: 'Problems' })
    await tab.click()
    await expect(problems).toContainText('The scope of "orders" fails for the test user "user". It divides by zero')
    await page.getByRole('tab', { name: 'Scope', exact: true }).click()
    // What was answered to another condition is no answer to this one.
    await sql.fill('(select pg_sleep(3)) is null')
    await expect(panel(page).getByText('counting …')).toBeVisible()
    expect(
      await panel(page)
        .getByText(/It divides by zero/)
        .count(),
    ).toBe(0)
    await expect(rowsOf(page, 'user')).toHaveText(/^0 rows/)
    await tab.click()
    await expect(problems).not.toContainText('fails for the test user')
    await page.getByRole('tab', { name: 'Scope', exact: true }).click()
    await sql.fill('b.title::int > 2')
    await expect(panel(page).getByText(/A value can’t be read .* Cast only what fits/)).toBeVisible()
    await sql.fill('b.id / 0 > 1')
    await expect(findings).toContainText('divides by zero: it would fail for each row')
    await expect(panel(page).getByText('not counted')).toBeVisible()
    await page.getByRole('tab', { name: /Problems/ }).click()
    await expect(panel(page).getByRole('list', { name: 'Problems' })).toContainText(
      'The scope of "orders" divides by zero',
    )
  })

  test('that could not be counted can be tried again, and says nothing of the next condition', async ({ page }) => {
    await openScope(page, 'orders')
    await panel(page).getByRole('button', { name: 'SQL', exact: true }).click()
    const sql = panel(page).getByLabel('Condition in SQL')
    await panel(page).getByRole('button', { name: 'User', exact: true }).click()
    await expect(rowsOf(page, 'user')).toHaveText(/^40 rows/)
    await page.route('**/api/trpc/scope.counts*', (route) => route.abort())
    await sql.fill('b.id < 8')
    const again = panel(page).getByRole('button', { name: 'Try again' })
    await expect(again).toBeVisible()
    await page.unroute('**/api/trpc/scope.counts*')
    await again.click()
    await expect(rowsOf(page, 'user')).toHaveText(/^7 rows/)
    await expect(again).toHaveCount(0)
  })

  test('that leaves references dangling is reported, and the cascade mends all of them', async ({ page }) => {
    await openScope(page, 'depots')
    await panel(page).getByRole('button', { name: 'Add a condition' }).click()
    await panel(page).getByRole('button', { name: 'Condition', exact: true }).click()
    await page.keyboard.type('is_active')
    await page.keyboard.press('Enter')
    await selectCard(page, 'orders')
    const findings = panel(page).getByRole('list', { name: 'Problems of this scope' })
    await expect(findings).toContainText('may refer by "depot_id" to a row of "depots" that is not on the device')
    await expect(findings.getByRole('button')).toHaveText([
      'Follow depots',
      'Restrict by the same condition',
      'Bring all of depots',
    ])
    await findings.getByRole('button', { name: 'Follow depots' }).click()
    await expect(sentence(page)).toContainText('its depot is in the scope of depots')
    await expect(findings).toHaveCount(0)
    await selectCard(page, 'lines')
    await expect(sentence(page)).toContainText('its order is in the scope of orders')
    await panel(page).getByRole('button', { name: 'User', exact: true }).click()
    // Depot 3 is not active; orders without a depot stay.
    await expect(rowsOf(page, 'user')).toHaveText(/^30 rows/)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await expect(sentence(page)).toHaveText('A device holds all rows')
  })

  test('has no accessibility faults', async ({ page }) => {
    await openScope(page, 'orders')
    await panel(page).getByRole('button', { name: 'Add a condition' }).click()
    await panel(page).getByRole('button', { name: 'Relation or group' }).click()
    await page.getByRole('menuitem', { name: /its depot is one where/ }).click()
    await panel(page).getByRole('button', { name: 'User', exact: true }).click()
    await expect(rowsOf(page, 'user')).toHaveText(/^30 rows/)
    const { violations } = await new AxeBuilder({ page }).include('[aria-label="Lower panel"]').analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  })
})

async function selectCard(page: Page, name: string): Promise<void> {
  await card(page, name).locator('.entity-name').click()
  await expect(panel(page).getByRole('heading', { name, exact: true })).toBeVisible()
}

async function openScope(page: Page, name: string): Promise<void> {
  await card(page, name).locator('.entity-name').click()
  await page.getByRole('button', { name: `Edit the scope of ${name}` }).click()
  await expect(panel(page).getByRole('heading', { name, exact: true })).toBeVisible()
}
