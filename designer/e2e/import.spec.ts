import { expect, type Page, test } from '@playwright/test'
import { importSql } from './helpers'

const paste = async (page: Page, sql: string) => {
  await page.goto('/')
  await page.getByRole('button', { name: /Import a database/ }).click()
  await page.getByRole('tab', { name: 'Paste SQL' }).click()
  await page.getByLabel('SQL', { exact: false }).last().fill(sql)
  await page.getByRole('button', { name: 'Import', exact: true }).click()
}

test('a syntax error is shown with its line, and another source can be chosen', async ({ page }) => {
  await paste(page, 'create table a (id int primary key);\ncreate tabel b (id int);\n')
  const alert = page.getByRole('dialog').getByRole('alert')
  await expect(alert).toContainText('line 2', { timeout: 60_000 })
  await page.getByRole('button', { name: 'Choose another source' }).click()
  await expect(page.getByRole('tab', { name: 'Dump file' })).toBeVisible()
})

test('what was skipped is listed with its reason', async ({ page }) => {
  await paste(page, 'create extension postgis;\ncreate table a (id int primary key);\n')
  await expect(page.getByRole('button', { name: /Choose tables/ })).toBeVisible({ timeout: 60_000 })
  await expect(
    page
      .getByRole('dialog')
      .getByText(/create extension postgis/i)
      .first(),
  ).toBeVisible()
})

test('a URL that nobody answers says so', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: /Import a database/ }).click()
  await page.getByRole('tab', { name: 'Connection' }).click()
  await page.getByPlaceholder(/postgres:/).fill('postgres://user:secret@127.0.0.1:9/none')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const alert = page.getByRole('dialog').getByRole('alert')
  await expect(alert).toContainText('was not imported', { timeout: 60_000 })
  await expect(alert).not.toContainText('secret')
  // What was typed is still there to be mended.
  await page.getByRole('button', { name: 'Choose another source' }).click()
  await expect(page.getByRole('tab', { name: 'Connection' })).toBeFocused()
  await expect(page.getByPlaceholder(/postgres:/)).toHaveValue('postgres://user:secret@127.0.0.1:9/none')
})

test('progress is told in steps of its source: of a live database in tables and rows', async ({ page }) => {
  await page.addInitScript(() => {
    // An answer that stays open after its first lines.
    const fetched = window.fetch
    window.fetch = (input, init) => {
      if (!String(input).includes('/api/import')) return fetched(input, init)
      const lines = [
        { kind: 'progress', phase: 'catalogue', done: 0, total: null },
        { kind: 'progress', phase: 'copying', done: 1, total: 11, rows: 1500 },
      ]
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
      const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode(text)) })
      return Promise.resolve(new Response(body))
    }
  })
  await page.goto('/')
  await page.getByRole('button', { name: /Import a database/ }).click()
  await page.getByRole('tab', { name: 'Connection' }).click()
  await page.getByPlaceholder(/postgres:/).fill('postgres://user:secret@127.0.0.1:9/none')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('listitem')).toHaveText([
    'Connect to the database',
    'Read tables, keys and relations',
    'Copy rows1 of 11 tables, 1,500 rows',
    'Keep the rows as start data',
  ])
  await expect(dialog.getByRole('listitem').nth(1).getByLabel('done')).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByPlaceholder(/postgres:/)).toHaveValue(/127\.0\.0\.1/)
})

test('one press on “Choose tables” leads to the list of tables', async ({ page }) => {
  await paste(page, 'create table a (id int primary key);')
  await page.getByRole('button', { name: 'Choose tables' }).click({ timeout: 60_000 })
  const picker = page.getByRole('dialog', { name: 'Add entities from the database' })
  await expect(picker.getByRole('option', { name: /^a/ })).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tree')).toBeVisible()
  // Once: whoever reloads finds the project as it is.
  await page.reload()
  await expect(page.getByRole('tree')).toBeVisible()
  await expect(picker).toHaveCount(0)
})

test('an import can be cancelled', async ({ page }) => {
  await page.route('**/api/import', () => {})
  await paste(page, 'create table a (id int primary key);')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('tab', { name: 'Paste SQL' })).toBeVisible()
})

test('a dump dropped on the page is imported', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['create table dropped (id int primary key);'], 'dropped.sql'))
    return transfer
  })
  await page.getByRole('main').dispatchEvent('drop', { dataTransfer: data })
  await expect(page.getByText('dropped.sql').first()).toBeVisible()
  await expect(page.getByRole('button', { name: /Choose tables/ })).toBeVisible({ timeout: 60_000 })
})

test('a project file that is cut off says so', async ({ page }) => {
  await page.goto('/')
  await page.getByLabel('Project file').setInputFiles({
    name: 'broken.syncline.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"format": 1, "id": "pr_'),
  })
  await expect(page.locator('.toast', { hasText: 'cut off' })).toBeVisible()
})

test('a thousand tables are searched at once, and only what is seen is in the page', async ({ page }) => {
  const tables = Array.from({ length: 1000 }, (_, i) => `create table table_${i} (id int primary key, name text);`)
  await importSql(page, tables.join('\n'))
  await expect(page.getByPlaceholder('Search 1,000 tables')).toBeVisible()
  expect(await page.getByRole('treeitem').count()).toBeLessThan(80)
  await page.getByPlaceholder('Search 1,000 tables').fill('table_777')
  await expect(page.getByRole('treeitem')).toHaveCount(1)
})

test('an address that is none is told below its field once it is entered, and forgiven when it is mended', async ({
  page,
}) => {
  await page.goto('/')
  await page.getByRole('button', { name: /Import a database/ }).click()
  await page.getByRole('tab', { name: 'Connection' }).click()
  const field = page.getByLabel('Address')
  const reason = page.getByRole('dialog').getByText('That is not the URL of a PostgreSQL database.')
  await field.pressSequentially('hello')
  await expect(reason).toBeHidden()
  await field.press('Enter')
  await expect(reason).toBeVisible()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(field).toHaveAccessibleDescription(/of the form postgres:\/\/user:password@host:5432\/database/)
  await field.fill('mysql://a@b/c')
  await page.keyboard.press('Tab')
  await expect(reason).toBeVisible()
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled()
  await field.fill('postgres://a@b/c')
  await expect(reason).toBeHidden()
  await expect(field).not.toHaveAttribute('aria-invalid')
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeEnabled()
})

test('pasted SQL is named at the start of its sentence in words', async ({ page }) => {
  await paste(page, 'create table a (id int primary key);')
  const report = page.getByRole('dialog').getByRole('status')
  await expect(report).toContainText('The pasted SQL is imported: 1 table', { timeout: 60_000 })
})
