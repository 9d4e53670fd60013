import { expect, test } from '@playwright/test'
import { dragTable, importSql, SHOP_SQL, saved } from './helpers'

test.beforeEach(async ({ page }) => {
  await importSql(page, SHOP_SQL)
  await dragTable(page, 'customers', 500, 200)
  await dragTable(page, 'invoices', 850, 260)
})

test('the flow of a unit stands on two lanes; a step is moved, undone, and found again after a reload', async ({
  page,
}) => {
  await page.getByRole('link', { name: 'Flows' }).click()
  await expect(page.getByText('Follows its patterns')).toBeVisible()
  await expect(page.locator('[data-lane]')).toHaveCount(2)
  await expect(page.locator('.wire[data-crossing]')).toHaveCount(4)

  const step = page.locator('.react-flow__node', { has: page.locator('[data-step="apply"]') })
  const place = () => step.evaluate((element) => element.style.transform)
  const before = await place()
  const box = (await step.boundingBox()) ?? { x: 0, y: 0 }
  await page.mouse.move(box.x + 40, box.y + 20)
  await page.mouse.down()
  await page.mouse.move(box.x + 90, box.y + 50, { steps: 6 })
  await page.mouse.up()
  const after = await place()
  expect(after).not.toBe(before)
  await page.keyboard.press('Control+z')
  await expect.poll(place).toBe(before)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(place).toBe(after)
  await saved(page)
  await page.reload()
  await expect.poll(place).toBe(after)
  await expect(page.getByLabel('Inspector').getByRole('heading', { name: 'Apply' })).toBeVisible()
})

test('a step shows what it does and the code that it becomes', async ({ page }) => {
  await page.getByRole('link', { name: 'Flows' }).click()
  await page.locator('[data-step="pull"]').click()
  await expect(page.getByLabel('Inspector').getByText(/flow\.step\('pull'\)/)).toBeVisible()
})

test('units are added, renamed and given entities', async ({ page }) => {
  await page.getByRole('link', { name: 'Flows' }).click()
  await page.getByRole('button', { name: 'Add a sync unit' }).click()
  await page.getByLabel('Name of the sync unit').fill('Nightly')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Sync units').getByRole('button', { name: /Nightly/ })).toBeVisible()
  await page.getByRole('checkbox', { name: /customers/ }).check()
  await expect(page.locator('[data-step="pull"]')).toContainText('customers')
  await page.getByRole('switch', { name: /SyncOnOnline/ }).click()
  await expect(page.getByRole('switch', { name: /SyncOnOnline/ })).not.toBeChecked()
})

test('the export shows the bundle that is downloaded, file by file', async ({ page }) => {
  await page.getByRole('link', { name: 'Export' }).click()
  await expect(page.locator('[data-bundle-hash]')).toHaveText(/^[0-9a-f]{64}$/)
  await page.getByRole('button', { name: /manifest\.json/ }).click()
  await expect(page.locator('[data-code-path="manifest.json"]')).toContainText('schemaHash')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download zip' }).click()
  expect((await download).suggestedFilename()).toMatch(/\.zip$/)
})

test('a project with errors has no bundle and says what to do', async ({ page }) => {
  await page.keyboard.press('Escape')
  for (let step = 0; step < 2; step += 1) await page.keyboard.press('Control+z')
  await page.getByRole('link', { name: 'Export' }).click()
  await expect(page.getByRole('heading', { name: 'No bundle yet' })).toBeVisible()
  await expect(page.getByText('SL1001')).toBeVisible()
})
