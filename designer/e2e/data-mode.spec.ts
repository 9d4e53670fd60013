import { expect, test } from '@playwright/test'
import { card, dragTable, importSql, SHOP_SQL, saved, startDrag } from './helpers'

test.beforeEach(({ page }) => importSql(page, SHOP_SQL))

test('a table is dragged onto the canvas with the attributes chosen, and undo and redo follow', async ({ page }) => {
  await startDrag(page, 'customers', 700, 300)
  await page.mouse.up()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Key only' }).click()
  await dialog.getByLabel('name').check()
  await expect(dialog.getByText('2 of 3 attributes')).toBeVisible()
  await dialog.getByRole('button', { name: 'Add to canvas' }).click()
  await expect(card(page, 'customers').getByRole('listitem')).toHaveText([/^id/, /^name/])
  await page.keyboard.press('Control+z')
  await expect(card(page, 'customers')).toHaveCount(0)
  await page.keyboard.press('Control+y')
  await expect(card(page, 'customers')).toBeVisible()
})

test('a table without a primary key says why it cannot be synced, and is not added', async ({ page }) => {
  await page.locator('[data-table="notes"]').click()
  await expect(page.getByLabel('Inspector').getByText(/has no primary key/)).toBeVisible()
  await startDrag(page, 'notes', 700, 300)
  await page.mouse.up()
  await expect(page.locator('.toast', { hasText: 'has no primary key' })).toBeVisible()
  await expect(card(page, 'notes')).toHaveCount(0)
})

test('the keyboard alone finds a table, adds it, renames it and deletes it', async ({ page }) => {
  await page.keyboard.press('Control+f')
  await page.keyboard.type('invo')
  await expect(page.locator('[data-table]')).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Enter')
  await expect(card(page, 'invoices')).toBeVisible()
  await page.keyboard.press('F2')
  await page.keyboard.type('bills')
  await page.keyboard.press('Enter')
  await expect(card(page, 'bills')).toBeVisible()
  await page.keyboard.press('Delete')
  await expect(page.locator('[data-entity]')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(card(page, 'bills')).toBeVisible()
})

test('a drag is one step, arrow keys with Shift are one step, and a reload finds the card and the selection again', async ({
  page,
}) => {
  await dragTable(page, 'customers', 600, 250)
  const node = page.locator('.react-flow__node', { has: card(page, 'customers') })
  const place = () => node.evaluate((element) => element.style.transform)
  const first = await place()

  const head = (await node.boundingBox()) ?? { x: 0, y: 0 }
  await page.mouse.move(head.x + 120, head.y + 20)
  await page.mouse.down()
  await page.mouse.move(head.x + 220, head.y + 90, { steps: 6 })
  await page.mouse.up()
  const dragged = await place()
  expect(dragged).not.toBe(first)

  await node.focus()
  for (let press = 0; press < 4; press += 1) await page.keyboard.press('Shift+ArrowRight')
  const moved = await place()
  expect(moved).not.toBe(dragged)
  await page.keyboard.press('Control+z')
  await expect.poll(place).toBe(dragged)
  await page.keyboard.press('Control+z')
  await expect.poll(place).toBe(first)
  await page.keyboard.press('Control+Shift+z')
  await expect.poll(place).toBe(dragged)

  await saved(page)
  await expect(page).toHaveURL(/select=entity/)
  await page.reload()
  await expect(card(page, 'customers')).toHaveAttribute('data-selected', '')
  expect(await place()).toBe(dragged)
})

test('a pattern is chosen by its picture, and the generated code follows the selection', async ({ page }) => {
  await dragTable(page, 'customers', 500, 200)
  await dragTable(page, 'invoices', 850, 260)
  await page.getByRole('radio', { name: /Read-only, delta/ }).check()
  await expect(card(page, 'invoices').getByText('Read-only, delta')).toBeVisible()

  await page.getByRole('tab', { name: 'Generated code' }).click()
  const code = page.locator('[data-code-path="src/entities.ts"]')
  await expect(code.locator('.view-line', { hasText: 'interface InvoicesRow' })).toBeVisible()
  await card(page, 'customers').click()
  await expect(code.locator('.view-line', { hasText: 'interface CustomersRow' })).toBeVisible()
  await page.getByRole('button', { name: 'server-install.sql' }).click()
  await expect(page.locator('[data-code-path="sql/server-install.sql"]')).toBeVisible()
})

test('a problem leads to what it is about, and its fix is an edit that can be undone', async ({ page }) => {
  await dragTable(page, 'invoices', 600, 260)
  await page.keyboard.press('Escape')
  await page.getByRole('tab', { name: /Problems/ }).click()
  const problems = page.getByRole('list', { name: 'Problems' })
  await problems.getByRole('button', { name: /refers to "customers"/ }).click()
  await expect(card(page, 'invoices')).toHaveAttribute('data-selected', '')
  await problems.getByRole('button', { name: 'Add customers' }).first().click()
  await expect(card(page, 'customers')).toBeVisible()
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(card(page, 'customers')).toHaveCount(0)
})

test('palette and sheet of shortcuts open by key', async ({ page }) => {
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder(/Type a command/).fill('flows')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/flows/)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
})

test('the first table lies where it was let go, and one added by keyboard lies beside it', async ({ page }) => {
  await startDrag(page, 'customers', 800, 400)
  await page.mouse.up()
  await page.getByRole('dialog').getByRole('button', { name: 'Add to canvas' }).click()
  const first = await card(page, 'customers').boundingBox()
  expect(Math.abs((first?.x ?? 0) + 130 - 800)).toBeLessThan(4)
  expect(Math.abs((first?.y ?? 0) + 16 - 400)).toBeLessThan(4)

  await page.locator('[data-table="invoices"]').click()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Add to canvas' }).click()
  await expect(card(page, 'invoices')).toBeVisible()
  const [a, b] = await Promise.all(['customers', 'invoices'].map((name) => card(page, name).boundingBox()))
  if (!a || !b) throw new Error('A card is not there.')
  const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
  expect(apart).toBe(true)
})

test('a folded lower panel stays folded when the window grows', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 700 })
  await page.setViewportSize({ width: 1440, height: 1300 })
  await expect.poll(async () => (await page.locator('#bottom').boundingBox())?.height).toBeLessThan(40)
  await expect(page.getByRole('tab', { name: /Problems/ })).toHaveAttribute('aria-selected', 'false')
})

test('a schema of which nothing was chosen yet has a hint and no error', async ({ page }) => {
  await expect(page.getByRole('button', { name: 'Problems: 1 hint' })).toBeVisible()
  await page.getByRole('link', { name: 'All projects' }).click()
  await expect(page.getByText('3 tables, none on devices yet').first()).toBeVisible()
})

test('a press on the open tab of the lower panel keeps it open; a button of its own folds it', async ({ page }) => {
  const tab = page.getByRole('tab', { name: 'Checklist' })
  await tab.click()
  await expect(page.getByRole('tab', { name: 'Checklist', selected: true })).toBeVisible()
  await tab.click()
  await expect(tab).toHaveAttribute('aria-selected', 'true')
  await page.getByRole('button', { name: 'Fold down' }).click()
  await expect(tab).toHaveAttribute('aria-selected', 'false')
})

test('names of cards can be read at every step of a zoom, down to where a card is a stamp', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 })
  await dragTable(page, 'invoices', 480, 300)
  const zoom = page.getByRole('button', { name: /^Zoom \d+ percent/ })
  const percent = async () => Number(/\d+/.exec((await zoom.getAttribute('aria-label')) ?? '')?.[0])
  const name = card(page, 'invoices').locator('.entity-name')
  const row = card(page, 'invoices').locator('.entity-row').first()
  const sizeOf = (element: typeof name) =>
    element.evaluate((each) => Number.parseFloat(getComputedStyle(each).fontSize))
  for (let before = 101; (await percent()) > 22; ) {
    const now = await percent()
    expect(now).toBeLessThan(before)
    expect(((await sizeOf(name)) * now) / 100, `the name at ${now} percent`).toBeGreaterThan(7)
    if (now >= 36) expect(((await sizeOf(row)) * now) / 100, `a row at ${now} percent`).toBeGreaterThan(6.5)
    before = now
    await page.getByRole('button', { name: 'Zoom out' }).click()
    await expect.poll(percent).toBeLessThan(now)
    // Until the movement has ended.
    await expect(async () => {
      const seen = await percent()
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
      expect(await percent()).toBe(seen)
    }).toPass()
  }
})
