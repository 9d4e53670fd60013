import { expect, type Page, test } from '@playwright/test'
import { type RealPostgres, startPostgres } from '@/runtime/testing/real-postgres'
import { card, dragTable, saved } from './helpers'
import { importUrl, run } from './live-database'

let server: RealPostgres
test.beforeAll(async () => {
  server = await startPostgres()
})
test.afterAll(() => server.stop())

const SQL = `
create table depots (id integer primary key, city text not null);
insert into depots values (1, 'Basel'), (2, 'Basel'), (3, 'Lyon');
`

const panel = (page: Page) => page.getByRole('region', { name: 'Lower panel' })
const rowsOf = (page: Page, user: string) =>
  panel(page)
    .getByRole('button', { name: new RegExp(`^${user} `) })
    .locator('[data-rows]')

test('with a kept connection the counts of a scope are those of the database as it is now', async ({ page }) => {
  const url = await server.createDatabase()
  await run(url, SQL)
  await importUrl(page, url)
  await dragTable(page, 'depots', 560, 250)
  await saved(page)
  await card(page, 'depots').locator('.entity-name').click()
  await page.getByRole('tab', { name: 'Scope' }).click()
  await panel(page).getByRole('button', { name: 'User', exact: true }).click()
  await expect(panel(page).getByTitle('Counted on the connected database, which is only read')).toContainText(
    '127.0.0.1',
  )
  await expect(rowsOf(page, 'user')).toHaveText(/^3 rows/)

  await panel(page).getByRole('button', { name: 'Add a condition' }).click()
  await panel(page).getByRole('button', { name: 'Condition', exact: true }).click()
  await page.keyboard.type('city')
  await page.keyboard.press('Enter')
  await panel(page).getByRole('textbox', { name: 'Value' }).fill('Basel')
  await expect(rowsOf(page, 'user')).toHaveText(/^2 rows/)

  await run(url, "insert into depots values (4, 'Basel'), (5, 'Lyon')")
  await panel(page).getByRole('button', { name: 'Count again' }).click()
  await expect(rowsOf(page, 'user')).toHaveText(/^3 rows/)
  await expect(panel(page).locator('.scope-total')).toContainText('5')

  // Where the database can't answer there is no old number, and the counts come back with it.
  await run(url, 'alter table depots rename to stores')
  await panel(page).getByRole('button', { name: 'Count again' }).click()
  await expect(rowsOf(page, 'user')).toHaveCount(0)
  await run(url, 'alter table stores rename to depots')
  await panel(page).getByRole('button', { name: 'Count again' }).click()
  await expect(rowsOf(page, 'user')).toHaveText(/^3 rows/)
})
