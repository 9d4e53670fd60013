import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { importSql } from './helpers'

const SQL = `
create table orders (id int primary key, placed date);
create table events (id int, at date, primary key (id, at)) partition by range (at);
create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
create table log (line text);
create view totals as select count(*) as n from orders;
`

test('what can not be synced is in the picker, with the reason and what to do, by keyboard too', async ({ page }) => {
  await importSql(page, SQL)
  await page.getByRole('button', { name: 'Add entities from the database…' }).click()
  const dialog = page.getByRole('dialog')
  const list = dialog.getByRole('listbox', { name: 'Tables' })
  const option = (name: RegExp) => list.getByRole('option', { name })
  await expect(list.getByRole('option')).toHaveCount(4)
  await expect(option(/^totals/)).toContainText('view, can’t be synced')
  await expect(option(/^events/)).toContainText('partitioned')
  await expect(dialog.getByPlaceholder('Search 4 tables and views')).toBeVisible()

  // Each line says it in short, without hovering.
  await expect(option(/^log/)).toContainText('no primary key')
  await expect(dialog.getByRole('status')).toContainText('2 can’t be synced')

  // It can't be chosen, and a click on it tells why.
  await option(/^totals/).click({ force: true })
  await expect(option(/^totals/)).toHaveAttribute('aria-disabled', 'true')
  await expect(dialog.getByRole('status')).toContainText('Sync the tables that it reads instead')
  await page.keyboard.press('Home')
  await expect(dialog.getByRole('status')).toContainText('2 can’t be synced: press one')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press(' ')
  await expect(dialog.getByRole('status')).toContainText('has no primary key')
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze()
  expect(violations).toEqual([])

  await dialog.getByRole('button', { name: 'Choose all shown' }).click()
  await dialog.getByRole('button', { name: 'Add 2 entities' }).click()
  await expect(page.locator('[data-entity]')).toHaveCount(2)
})

test('one press chooses a table that had to be scrolled to', async ({ page }) => {
  const tables = Array.from(
    { length: 60 },
    (_, i) => `create table t${String(i).padStart(2, '0')} (id int primary key);`,
  )
  await importSql(page, tables.join('\n'))
  await page.getByRole('button', { name: 'Add entities from the database…' }).click()
  const list = page.getByRole('dialog').getByRole('listbox', { name: 'Tables' })
  await list.hover()
  await page.mouse.wheel(0, 700)
  const option = list.getByRole('option', { name: /^t30/ })
  const box = await option.boundingBox()
  if (!box) throw new Error('It is not in sight.')
  await page.mouse.click(box.x + 60, box.y + box.height / 2)
  await expect(option).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('button', { name: 'Add 1 entity' })).toBeEnabled()
})
