import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { dragTable, importSql, SHOP_SQL } from './helpers'

async function faults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
    )
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds no serious fault on any page, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.goto('/')
    await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: /Import a database/ }).click()
    await page.getByRole('dialog').waitFor()
    expect(await faults(page)).toEqual([])

    await importSql(page, SHOP_SQL)
    await dragTable(page, 'customers', 500, 200)
    await dragTable(page, 'invoices', 850, 260)
    expect(await faults(page)).toEqual([])
    await page.getByRole('tab', { name: 'Generated code' }).click()
    await expect(page.locator('.view-line').first()).toBeVisible()
    expect(await faults(page)).toEqual([])
    for (const mode of ['Flows', 'Conflicts', 'Export']) {
      await page.getByRole('link', { name: mode }).click()
      await expect(page).toHaveURL(new RegExp(`/${mode.toLowerCase()}`))
      if (mode === 'Export') await expect(page.locator('[data-bundle-hash]')).toBeVisible()
      if (mode === 'Flows') await expect(page.locator('[data-step="pull"]')).toBeVisible()
      expect(await faults(page)).toEqual([])
    }
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder(/Type a command/).waitFor()
    expect(await faults(page)).toEqual([])
  })
}

test('many messages at once have no serious fault, and the same one is not shown twice', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
  const drop = async (name: string) => {
    const data = await page.evaluateHandle((file) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([''], file))
      return transfer
    }, name)
    await page.getByRole('main').dispatchEvent('drop', { dataTransfer: data })
  }
  await drop('a.txt')
  await drop('a.txt')
  await expect(page.locator('.toast', { hasText: 'a.txt' })).toHaveCount(1)
  for (const name of ['b.txt', 'c.txt', 'd.txt', 'e.txt', 'f.txt']) await drop(name)
  await expect(page.locator('.toast:visible')).toHaveCount(4)
  expect(await faults(page)).toEqual([])
})

test('a chosen theme stays over a reload', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('/')
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByRole('menuitem', { name: 'Dark' }).click()
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})
