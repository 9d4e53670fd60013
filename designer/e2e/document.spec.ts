import { expect, type Page, test } from '@playwright/test'
import { card, dragTable, importSql, SHOP_SQL } from './helpers'

test.beforeEach(async ({ page }) => {
  await importSql(page, SHOP_SQL)
  await dragTable(page, 'customers', 600, 250)
  await page.getByRole('tab', { name: 'Project file' }).click()
  await expect(page.locator('[data-document-editor] .view-line').first()).toBeVisible()
})

const state = (page: Page) => page.locator('[data-document-state]')
const inStep = (page: Page) => expect(state(page)).toHaveAttribute('data-document-state', 'in-step')
const line = (page: Page, text: string) => page.locator('[data-document-editor] .view-line', { hasText: text })
const nameOnDevice = (page: Page) => page.getByLabel('Inspector', { exact: true }).getByLabel('Name on the device')

/** Selects the next place of a text in the editor, as one finds it there. */
async function find(page: Page, text: string): Promise<void> {
  await page.locator('[data-document-editor]').click({ position: { x: 500, y: 40 } })
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('Control+f')
  const field = page.locator('[data-document-editor] .find-widget textarea').first()
  await field.fill(text)
  await field.press('Enter')
  await field.press('Escape')
}

test('an edit of the text is an edit of the project, and undo brings both back', async ({ page }) => {
  await find(page, '"direction": "both"')
  await page.keyboard.insertText('"direction": "down"')
  await inStep(page)
  await expect(page.getByLabel('Inspector', { exact: true }).getByLabel('Direction')).toHaveValue('down')
  await page.getByRole('button', { name: 'Undo: Edit the project file' }).click()
  await expect(page.getByLabel('Inspector', { exact: true }).getByLabel('Direction')).toHaveValue('both')
  await expect(line(page, '"direction": "both"')).toBeVisible()
})

test('an edit elsewhere is in the text at once, at the place of what is selected', async ({ page }) => {
  await nameOnDevice(page).fill('clients')
  await nameOnDevice(page).press('Enter')
  await expect(line(page, '"name": "clients"')).toBeVisible()
  await inStep(page)
})

test('text that can’t be read stays here with its reason, and what changes elsewhere meanwhile is kept', async ({
  page,
}) => {
  await find(page, '"direction": "both"')
  await page.keyboard.insertText('"direction": "sideways"')
  await expect(state(page)).toHaveAttribute('data-document-state', 'unreadable')
  await expect(state(page)).toContainText('direction')
  await expect(page.locator('.squiggly-error').first()).toBeVisible()
  await expect(page.getByLabel('Inspector', { exact: true }).getByLabel('Direction')).toHaveValue('both')

  await nameOnDevice(page).fill('clients')
  await nameOnDevice(page).press('Enter')
  await expect(card(page, 'clients')).toBeVisible()
  await expect(state(page)).toContainText('changed elsewhere')

  await find(page, 'sideways')
  await page.keyboard.insertText('down')
  await inStep(page)
  await expect(card(page, 'clients')).toBeVisible()
  await expect(page.getByLabel('Inspector', { exact: true }).getByLabel('Direction')).toHaveValue('down')
  await find(page, '"name": "clients"')
  await expect(line(page, '"name": "clients"')).toBeVisible()
})

test('what was typed and can’t be read is given up by a press, and the project’s text is back', async ({ page }) => {
  await find(page, '"direction": "both",')
  await page.keyboard.insertText('nonsense')
  await expect(state(page)).toContainText(/not JSON at line \d+/)
  await page.getByRole('button', { name: 'Discard my text' }).click()
  await inStep(page)
  await expect(line(page, '"direction": "both"')).toBeVisible()
})

test('values are completed as the schema has them', async ({ page }) => {
  await find(page, '"direction": "both"')
  await page.keyboard.insertText('"direction": ')
  await page.keyboard.press('Control+Space')
  const offered = page.locator('.suggest-widget .monaco-list-row')
  for (const value of ['both', 'down', 'up']) await expect(offered.filter({ hasText: `"${value}"` })).toBeVisible()
  await offered.filter({ hasText: '"down"' }).click()
  await inStep(page)
  await expect(page.getByLabel('Inspector', { exact: true }).getByLabel('Direction')).toHaveValue('down')
})

test('values are completed too where generated code was shown first', async ({ page }) => {
  await page.reload()
  await page.getByRole('tab', { name: 'Generated code' }).click()
  await expect(page.locator('.monaco-editor .view-line').first()).toBeVisible({ timeout: 60_000 })
  await page.getByRole('tab', { name: 'Project file' }).click()
  await find(page, '"direction": "both"')
  await page.keyboard.insertText('"direction": ')
  await page.keyboard.press('Control+Space')
  await expect(page.locator('.suggest-widget .monaco-list-row').filter({ hasText: '"down"' })).toBeVisible()
})

test('what the check says is marked at its record, and the caret selects the record that it is in', async ({
  page,
}) => {
  await page.locator('[data-table="invoices"]').click()
  await find(page, '"keyStrategy": "device-uuid"')
  await page.keyboard.press('ArrowLeft')
  await expect(page).toHaveURL(/select=entity/)
  await find(page, '"keyStrategy": "device-uuid"')
  await page.keyboard.insertText('"keyStrategy": "server"')
  await inStep(page)
  await find(page, '"localEntities"')
  await expect(page.locator('.squiggly-error').first()).toBeVisible()
  await page.getByRole('tab', { name: /Problems/ }).click()
  await expect(page.getByRole('list', { name: 'Problems' }).getByText('SL2008')).toBeVisible()
})
