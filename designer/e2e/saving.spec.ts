import { expect, test } from '@playwright/test'
import { card, dragTable, importSql, SHOP_SQL, saved } from './helpers'

test('two tabs that edit different things both keep their edits', async ({ page, context }) => {
  await importSql(page, SHOP_SQL)
  await dragTable(page, 'customers', 600, 260)
  await saved(page)
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(card(other, 'customers')).toBeVisible()

  await page.getByLabel('Project name').fill('Shop')
  await page.keyboard.press('Enter')
  await other.getByRole('radio', { name: /Read-only, delta/ }).check()
  await saved(page)
  await saved(other)
  await expect(other.getByLabel('Project name')).toHaveValue('Shop')
  await other.reload()
  await expect(other.getByLabel('Project name')).toHaveValue('Shop')
  await expect(card(other, 'customers').getByText('Read-only, delta')).toBeVisible()
})

test('a name that is half typed outlasts a rename in another tab, and Enter takes it', async ({ page, context }) => {
  await importSql(page, SHOP_SQL)
  await dragTable(page, 'customers', 600, 260)
  await saved(page)
  const other = await context.newPage()
  await other.goto(page.url())
  await expect(card(other, 'customers')).toBeVisible()

  await page.getByLabel('Project name').fill('Theirs')
  await page.keyboard.press('Enter')
  await saved(page)
  const name = other.getByLabel('Project name')
  await other.getByRole('radio', { name: /Read-only, delta/ }).check()
  await name.fill('Ours')
  // The save brings the other tab's name with it.
  await saved(other)
  await expect(name).toHaveValue('Ours')
  await name.press('Enter')
  await saved(other)
  await other.reload()
  await expect(name).toHaveValue('Ours')
})

test('work done while the server is away is kept, shown as not saved, and saved when it is back', async ({ page }) => {
  await importSql(page, SHOP_SQL)
  await page.route('**/api/trpc/**', (route) => route.abort())
  await dragTable(page, 'customers', 600, 260)
  await expect(page.getByText('Not saved yet')).toBeVisible()
  await page.unroute('**/api/trpc/**')
  await page.getByRole('button', { name: 'Retry' }).click()
  await saved(page)
  await page.reload()
  await expect(card(page, 'customers')).toBeVisible()
})

test('a deleted project comes back by undo', async ({ page }) => {
  await importSql(page, SHOP_SQL)
  await page.getByLabel('Project name').fill('To be deleted')
  await page.keyboard.press('Enter')
  await saved(page)
  await page.getByRole('link', { name: 'All projects' }).click()
  await page.getByRole('button', { name: 'Delete To be deleted' }).click()
  await expect(page.getByRole('link', { name: 'To be deleted' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('link', { name: 'To be deleted' })).toBeVisible()
})
