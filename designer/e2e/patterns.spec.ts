import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { card, dragTable, importSql, SHOP_SQL, saved } from './helpers'

const PATTERNS = [
  'Read-only',
  'Read-only, delta',
  'Last write wins',
  'Conflict detection',
  'One to many',
  'Append-only',
  'Merge',
  'On demand',
]

test.beforeEach(async ({ page }) => {
  await importSql(page, SHOP_SQL)
  await dragTable(page, 'invoices', 850, 260)
  await dragTable(page, 'customers', 500, 200)
})

test('each of the eight patterns can be chosen and makes a bundle without errors', async ({ page }) => {
  await expect(page.getByRole('group', { name: 'Sync pattern' }).getByRole('radio')).toHaveCount(PATTERNS.length)
  for (const name of PATTERNS) {
    await page.getByRole('radio', { name, exact: true }).check()
    await expect(card(page, 'customers').getByText(name, { exact: true })).toBeVisible()
    await expect(page.getByRole('button', { name: /^Problems: .*error/ })).toBeHidden()
  }
  for (const _ of PATTERNS.slice(1)) await page.keyboard.press('Control+z')
  await expect(card(page, 'customers').getByText('Read-only', { exact: true })).toBeVisible()
  for (const _ of PATTERNS.slice(1)) await page.keyboard.press('Control+Shift+z')
  await expect(card(page, 'customers').getByText('On demand')).toBeVisible()
  await saved(page)
  await page.getByRole('link', { name: 'Export' }).click()
  await expect(page.locator('[data-bundle-hash]')).toHaveText(/^[0-9a-f]{64}$/)
})

test('patterns are walked by arrow keys, and the chosen one tells what it does and admits', async ({ page }) => {
  await page.getByRole('radio', { name: 'Read-only', exact: true }).check()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { name: 'Read-only, delta' })).toBeChecked()
  await page.getByRole('radio', { name: 'Conflict detection' }).check()
  const inspector = page.getByLabel('Inspector')
  await inspector.getByText('What it costs and admits').click()
  await expect(inspector.getByText('until a person decides; until then', { exact: false })).toBeVisible()
})

test('what becomes of conflicts is listed in one place, the same as in the inspector', async ({ page }) => {
  await page.getByRole('link', { name: 'Conflicts' }).click()
  await expect(page.getByRole('heading', { name: 'No entity looks for conflicts' })).toBeVisible()
  await page.getByRole('link', { name: 'Choose a pattern in Data' }).click()
  await card(page, 'customers').click({ position: { x: 120, y: 12 } })
  await page.getByRole('radio', { name: 'Conflict detection' }).check()

  await page.getByRole('link', { name: 'Conflicts' }).click()
  await expect(page.getByRole('heading', { name: 'Conflicts' })).toBeVisible()
  await page.getByRole('main').getByLabel('On a conflict').selectOption('Merge attributes')
  await page.getByRole('main').getByRole('button', { name: 'the device', exact: true }).click()
  await page
    .getByRole('main')
    .getByRole('switch', { name: /Block sync/ })
    .click()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  }

  await page.getByRole('main').getByRole('link', { name: 'customers' }).click()
  const inspector = page.getByLabel('Inspector')
  await expect(inspector.getByLabel('On a conflict')).toHaveValue('merge-attributes')
  await expect(inspector.getByRole('button', { name: 'the device', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  await expect(inspector.getByRole('switch', { name: /Block sync/ })).toBeChecked()
})
