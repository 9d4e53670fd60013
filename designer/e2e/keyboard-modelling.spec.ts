import { expect, test } from '@playwright/test'
import { card, importSql, SHOP_SQL } from './helpers'

test.beforeEach(({ page }) => importSql(page, SHOP_SQL))

test('one entity is modelled by the keyboard alone, from the table to its pattern, an attribute of its parent and a group', async ({
  page,
}) => {
  // The table is found and put onto the canvas.
  await page.keyboard.press('Control+f')
  await page.keyboard.type('invoices')
  await expect(page.locator('[data-table]')).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Enter')
  await expect(card(page, 'invoices')).toBeVisible()

  // The reference is opened down to an attribute of the parent, and the line's menu denormalises it.
  const tree = page.getByRole('tree', { name: 'Server tables' })
  await tree.focus()
  await page.keyboard.press('ArrowRight')
  for (let line = 0; line < 2; line += 1) await page.keyboard.press('ArrowDown')
  await expect(page.locator('[data-column="customer_id"]')).toHaveAttribute('data-active', '')
  await page.keyboard.press('ArrowRight')
  for (let line = 0; line < 3; line += 1) await page.keyboard.press('ArrowDown')
  await expect(page.locator('[data-column="name"]')).toHaveAttribute('data-active', '')
  await page.keyboard.press('Shift+F10')
  const denormalise = page.getByRole('menuitem', { name: /Denormalise customers.name into invoices/ })
  await expect(denormalise).toBeVisible()
  await page.keyboard.press('ArrowDown')
  while (!(await denormalise.evaluate((item) => item.hasAttribute('data-highlighted')))) {
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
  await expect(card(page, 'invoices').getByLabel('denormalised')).toBeVisible()

  // The outline reaches the entity; its menu sets the pattern.
  await page.keyboard.press('Control+Shift+O')
  await page.getByRole('tree', { name: 'Local entities' }).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+F10')
  await expect(page.getByRole('menuitem', { name: 'Create sync for this entity' })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  const pattern = page.getByRole('menuitem', { name: 'Conflict detection' })
  await expect(pattern).toBeVisible()
  while (!(await pattern.evaluate((item) => item.hasAttribute('data-highlighted')))) {
    await page.keyboard.press('ArrowDown')
  }
  await page.keyboard.press('Enter')
  await expect(card(page, 'invoices')).toContainText('Conflict detection')

  // It is renamed, grouped, and all of it is taken back step by step.
  await page.keyboard.press('F2')
  await page.keyboard.type('bills')
  await page.keyboard.press('Enter')
  await expect(card(page, 'bills')).toBeVisible()
  await page.keyboard.press('Control+g')
  await page.keyboard.type('Money')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-group="Money"]')).toBeVisible()
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('Control+z')
  await expect(card(page, 'invoices')).toContainText('Last write wins')
  await expect(page.locator('.frame')).toHaveCount(0)
})

test('arrows go from card to card, Enter sets up what is selected, and Delete takes an attribute away', async ({
  page,
}) => {
  await page.locator('[data-table="invoices"]').click({ button: 'right' })
  await page.getByRole('menuitem', { name: /Add with the 1 table/ }).click()
  await expect(page.locator('[data-entity]')).toHaveCount(2)
  await page.keyboard.press('Escape')
  await card(page, 'customers').click({ position: { x: 60, y: 20 } })
  await page.keyboard.press('ArrowRight')
  await expect(card(page, 'invoices')).toHaveAttribute('data-selected', '')
  await page.keyboard.press('ArrowLeft')
  await expect(card(page, 'customers')).toHaveAttribute('data-selected', '')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Name on the device')).toBeFocused()

  await card(page, 'customers').locator('[data-attribute="city"]').click()
  await page.keyboard.press('Delete')
  await expect(card(page, 'customers').locator('[data-attribute]')).toHaveCount(2)
  await card(page, 'customers').locator('[data-attribute="id"]').click()
  await page.keyboard.press('Delete')
  await expect(page.locator('.toast', { hasText: 'belongs to the key' })).toBeVisible()
})
