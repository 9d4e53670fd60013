import { expect, type Page, test } from '@playwright/test'
import { card, dragTable, importSql, SHOP_SQL, saved } from './helpers'

const inspector = (page: Page) => page.getByLabel('Inspector', { exact: true })
const attributes = (page: Page) => inspector(page).getByRole('list', { name: 'Attributes on the device' })

/** The project file as it would be downloaded. */
async function file(page: Page): Promise<string> {
  await saved(page)
  const id = /projects?\/([^/?]+)/.exec(page.url())?.[1] ?? ''
  const answer = await page.request.get(`/api/project-file/${id}`)
  expect(answer.ok()).toBe(true)
  return answer.text()
}

/** Presses a key of the history until there is nothing left for it. */
async function all(page: Page, step: 'Undo' | 'Redo'): Promise<number> {
  // Where the focus is in a field, its keys are its own.
  await page.locator('.react-flow__pane').focus()
  for (let steps = 0; ; steps += 1) {
    const button = page.getByRole('button', { name: new RegExp(`^${step}`) }).first()
    if (await button.isDisabled()) return steps
    const label = await button.getAttribute('aria-label')
    await button.click()
    // Steps of one name follow one another: the project's text is what tells them apart.
    if (steps > 200) throw new Error(`There is no end to: ${label}`)
  }
}

test('a long run of edits of every kind is undone to the file that it began with, and redone to the same file', async ({
  page,
}) => {
  await importSql(page, SHOP_SQL)
  const first = await file(page)

  await dragTable(page, 'customers', 500, 200)
  await dragTable(page, 'invoices', 850, 260)
  // The entity: its name, pattern, direction.
  await page.keyboard.press('F2')
  await page.keyboard.type('bills')
  await page.keyboard.press('Enter')
  await expect(card(page, 'bills')).toBeVisible()
  await inspector(page).getByRole('radio', { name: 'Conflict detection' }).check()
  await inspector(page).getByRole('radio', { name: 'Last write wins' }).check()
  await inspector(page).getByLabel('Direction').selectOption('Server to device')
  await inspector(page).getByLabel('Direction').selectOption('Both ways')
  await inspector(page).getByRole('radio', { name: 'The user gives it' }).check()
  await inspector(page).getByRole('button', { name: 'Sync pattern' }).click()

  // Its attributes: order, one less and back, derived ones.
  await attributes(page)
    .getByRole('button', { name: /\bamount\b/ })
    .first()
    .focus()
  await page.keyboard.press('Alt+ArrowUp')
  await page.keyboard.press('Delete')
  await inspector(page)
    .getByRole('list', { name: 'Columns not on the device' })
    .getByRole('button', { name: /amount/ })
    .click()
  await inspector(page).getByRole('button', { name: 'Denormalise…' }).click()
  await page.getByRole('dialog').getByLabel('city', { exact: false }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Denormalise', exact: true }).click()
  await card(page, 'bills').click({ position: { x: 120, y: 12 } })
  await inspector(page).getByRole('button', { name: 'Add computed' }).click()
  await inspector(page).getByLabel('SQL expression', { exact: false }).fill('b.amount * 2')
  await inspector(page).getByLabel('Type of its value').fill('numeric')

  // One attribute: name, switches, default, index.
  await card(page, 'customers').click({ position: { x: 120, y: 12 } })
  await attributes(page)
    .getByRole('button', { name: /\bcity\b/ })
    .first()
    .click()
  for (const name of [/^Required/, /^Indexed/]) await inspector(page).getByRole('switch', { name }).click()
  await inspector(page)
    .getByRole('textbox', { name: /^On the device/ })
    .fill("'Porto'")
  await page.keyboard.press('Enter')
  await page.keyboard.press('F2')
  await page.keyboard.type('town')
  await page.keyboard.press('Enter')
  await expect(card(page, 'customers').getByText('town', { exact: true })).toBeVisible()

  // The text.
  await page.getByRole('tab', { name: 'Project file' }).click()
  await expect(page.locator('[data-document-editor] .view-line').first()).toBeVisible()
  await page.locator('[data-document-editor]').click({ position: { x: 500, y: 40 } })
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('Control+f')
  const find = page.locator('[data-document-editor] .find-widget textarea').first()
  await find.fill('"name": "town"')
  await find.press('Enter')
  await find.press('Escape')
  await page.keyboard.insertText('"name": "place"')
  await expect(card(page, 'customers').getByText('place', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Fold down' }).click()

  // Cards: moved, and one removed.
  await page.locator('.react-flow__node', { has: card(page, 'bills') }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Delete')
  await expect(card(page, 'bills')).toHaveCount(0)
  const last = await file(page)
  expect(last).not.toBe(first)

  const undone = await all(page, 'Undo')
  expect(undone).toBeGreaterThan(18)
  expect(await file(page)).toBe(first)
  expect(await all(page, 'Redo')).toBe(undone)
  expect(await file(page)).toBe(last)
})
