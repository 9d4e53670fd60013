import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { card, dragTable, importSql, saved } from './helpers'

/** One table of many rows that nobody should have as a whole, and one with something to hide. */
const DEPOT_SQL = `
create table articles (id integer primary key, title text not null, stock integer not null, price numeric(10, 2));
create table drivers (id uuid primary key, name text not null, iban text, hired_on date);
insert into articles select n, 'Article number ' || n, n % 50, n / 10.0 from generate_series(1, 12000) n;
insert into drivers values ('00000000-0000-4000-8000-000000000001', 'Ada', 'CH93 0076 2011 6238 5295 7', '2020-01-01');
`

test.beforeEach(async ({ page }) => {
  await importSql(page, DEPOT_SQL)
  await dragTable(page, 'drivers', 850, 200)
  await dragTable(page, 'articles', 500, 150)
})

const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click()
const row = (page: Page, name: string) =>
  page.getByRole('table', { name: 'Budget by entity' }).getByRole('row', { name })

async function seriousFaults(page: Page, region = 'Lower panel'): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).include(`[aria-label="${region}"]`).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

test('requirements change the budget and what is recommended, which can be used and undone', async ({ page }) => {
  await tab(page, 'Budget')
  await expect(row(page, 'articles')).toContainText('12,000 rows')
  // Counted and measured at import, so nothing of it is a guess.
  await expect(row(page, 'articles')).not.toContainText('≈')
  await expect(
    page.getByRole('button', { name: 'Last write wins is recommended for drivers, and used: why' }),
  ).toBeVisible()

  const form = page.getByLabel('Requirements')
  await form.getByLabel('Users').fill('40')
  await form.getByLabel('Editors of one record').fill('3')
  await form.getByLabel('Connection').selectOption('3G')
  await expect(page.getByRole('columnheader', { name: 'First sync, 3G' })).toBeVisible()
  await page.getByLabel('Share of articles on a device, in percent').fill('5')
  await page.keyboard.press('Enter')
  await expect(row(page, 'articles')).toContainText('600 rows')

  await page.getByRole('button', { name: 'Conflict detection is recommended for drivers: why' }).click()
  const why = page.getByRole('dialog')
  await expect(why).toContainText('of its edits meet another one to the same attribute')
  await why.getByText('Why no other').click()
  await expect(why).toContainText('It has no attribute whose edits could add up.')
  await why.getByRole('button', { name: 'Use it' }).click()
  await expect(card(page, 'drivers')).toContainText('Conflict detection')
  expect(await seriousFaults(page)).toEqual([])

  await saved(page)
  await page.reload()
  await tab(page, 'Budget')
  await expect(page.getByLabel('Share of articles on a device, in percent')).toHaveValue('5')
  await expect(form.getByLabel('Users')).toHaveValue('40')
})

test('an empty field takes a requirement back, and nonsense changes nothing', async ({ page }) => {
  await tab(page, 'Budget')
  const rows = page.getByLabel('Rows of articles', { exact: true })
  await rows.fill('500')
  await rows.press('Enter')
  await expect(row(page, 'articles')).toContainText('500 rows')
  await rows.fill('many')
  await rows.press('Enter')
  await expect(rows).toHaveValue('500')
  await rows.fill('')
  await rows.press('Enter')
  await expect(row(page, 'articles')).toContainText('12,000 rows')
  await page.keyboard.press('Escape')
  await rows.fill('-3')
  await rows.press('Enter')
  await expect(page.getByText('Give a number that is not below zero.')).toBeVisible()
})

test('a finding is put right, or accepted with a reason and withdrawn', async ({ page }) => {
  const problems = page.getByRole('button', { name: /^Problems:/ })
  await tab(page, 'Checklist')
  const scope = page.getByRole('region', { name: 'Large entities have a scope' })
  const clear = page.getByRole('region', { name: 'What is sensitive is encrypted on the device' })
  await expect(scope).toContainText('Each device brings all 12,000 rows of "articles"')
  await expect(clear).toContainText('"iban" of "drivers" looks sensitive by its name')
  await expect(problems).toHaveAccessibleName('Problems: 2 warnings')
  expect(await seriousFaults(page)).toEqual([])

  await clear.getByRole('button', { name: 'Encrypt it', exact: true }).click()
  await expect(clear).toBeHidden()
  await expect(problems).toHaveAccessibleName('Problems: 1 warning')

  await scope.getByRole('button', { name: 'Accept…' }).click()
  await expect(scope.getByRole('button', { name: 'Accept', exact: true })).toBeDisabled()
  await page.getByLabel('Why the team lives with it').fill('Every van carries the whole catalogue.')
  await page.keyboard.press('Enter')
  await expect(scope).toContainText('Accepted: Every van carries the whole catalogue.')
  await expect(problems).toHaveAccessibleName('Problems: none')

  await scope.getByRole('button', { name: 'Withdraw' }).click()
  await expect(problems).toHaveAccessibleName('Problems: 1 warning')
  await scope.getByRole('button', { name: /^Each device brings/ }).click()
  await expect(page.getByLabel('Inspector').getByLabel('Name on the device')).toHaveValue('articles')
})

test('the picker says what each pattern costs here, which is recommended, and which anomalies it admits', async ({
  page,
}) => {
  await tab(page, 'Budget')
  await page.getByLabel('Editors of one record').first().fill('3')
  await page.keyboard.press('Enter')
  await tab(page, 'Budget')
  await card(page, 'drivers').click({ position: { x: 60, y: 12 } })
  const inspector = page.getByLabel('Inspector')
  await expect(inspector.getByRole('radio', { name: 'Conflict detection' })).toHaveAccessibleDescription(
    /^Recommended\. .* Costs [\d.]+ K?B a day\.$/,
  )
  await expect(inspector.getByText('Conflict detection is recommended')).toBeVisible()
  await inspector.getByRole('button', { name: 'Use it' }).click()
  await expect(inspector.getByText('Recommended for this entity')).toBeVisible()
  await inspector.getByText('What it costs and admits').click()
  await expect(inspector.getByText('B02')).toBeVisible()

  await inspector.getByLabel('On a conflict').selectOption('Merge attributes')
  await inspector.getByRole('combobox', { name: 'hired_on' }).selectOption('the smaller value')
  await expect(page.getByRole('button', { name: 'Problems: 3 warnings' })).toBeVisible()
  expect(await seriousFaults(page, 'Inspector')).toEqual([])
  await saved(page)
  await page.getByRole('link', { name: 'Export' }).click()
  await expect(page.locator('[data-bundle-hash]')).toHaveText(/^[0-9a-f]{64}$/, { timeout: 60_000 })
})
