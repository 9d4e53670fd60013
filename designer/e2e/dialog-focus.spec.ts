import { expect, test } from '@playwright/test'
import { importSql, SHOP_SQL } from './helpers'

test('one Escape closes the list of shortcuts, and the focus goes back to where it was', async ({ page }) => {
  await importSql(page, SHOP_SQL)
  const tree = page.getByRole('tree', { name: 'Server tables' })
  await tree.focus()
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(dialog.getByRole('button', { name: 'Close' })).toBeFocused()
  await expect(page.locator('.tooltip')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(tree).toBeFocused()
})

test('a button of an icon shows its label where Tab brings the focus', async ({ page }) => {
  await importSql(page, SHOP_SQL)
  const button = page.getByRole('button', { name: 'Commands' })
  for (let presses = 0; presses < 30; presses += 1) {
    if (await button.evaluate((each) => each === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await expect(page.locator('.tooltip')).toBeVisible()
})
