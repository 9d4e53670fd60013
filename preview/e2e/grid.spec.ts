import { expect, test } from '@playwright/test'
import { cellOf, editCell, expectEqual, importWhole, openPreview, openSample, openTable, sync } from './sample-project'

test('with more tables than fit, SQL stays in sight and the strip tells that it scrolls', async ({ page, request }) => {
  const { first } = await openPreview(page, await openSample(request))
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 900 })
    await expect(first.getByRole('tab', { name: 'SQL' })).toBeInViewport({ ratio: 1 })
    await expect(first.locator('[data-more-after]')).toBeVisible()
  }

  await first.getByRole('tab').first().focus()
  const last = first.getByRole('tab').nth(-2)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')

  await expect(last).toBeFocused()
  await expect(last).toBeInViewport({ ratio: 1 })
  await expect(first.locator('[data-more-before]')).toBeVisible()
})

test('columns keep their widths while rows are edited and read again, and headers their beginnings', async ({
  page,
  request,
}) => {
  const { first } = await openPreview(page, await openSample(request))
  await openTable(first, 'contacts')
  await sync(first)
  await expectEqual(first)
  const headers = first.getByRole('columnheader')
  const widths = () => headers.evaluateAll((all) => all.map((header) => header.getBoundingClientRect().width))
  const before = await widths()

  await editCell(first, await cellOf(first, 'Björn Kaya', 'role'), 'role', 'The head of all the ovens of this bakery')
  await expect(first.getByRole('gridcell', { name: 'The head of all' })).toBeVisible()
  expect(await widths()).toEqual(before)

  const grid = first.getByRole('grid')
  await grid.evaluate((element) => element.scrollTo({ left: 60 }))
  const second = headers.nth(1)
  const pinnedEdge = await headers.first().evaluate((header) => header.getBoundingClientRect().right)
  await expect
    .poll(() =>
      second
        .locator('span')
        .first()
        .evaluate((name) => name.getBoundingClientRect().left),
    )
    .toBeGreaterThanOrEqual(pinnedEdge)
  await expect(second).toHaveAttribute('title', /^company_id /)
})

test('a new row tells the default, the empty text and null apart', async ({ page, request }) => {
  const id = await importWhole(
    request,
    `create table notes (id int primary key, title text default 'untitled', body text default 'nothing');
     insert into notes values (1, 'First', 'x');`,
  )
  const { server } = await openPreview(page, id)
  const add = async (key: string, ...keys: string[]) => {
    await server.getByRole('button', { name: 'Add row' }).click()
    await server.getByRole('textbox', { name: 'New id' }).fill(key)
    const title = server.getByRole('textbox', { name: 'New title' })
    for (const pressed of keys) await title.press(pressed)
    await title.press('Enter')
    await expect(server.getByRole('row', { name: 'New row' })).toBeHidden()
  }

  await add('2')
  await add('3', 'Backspace')
  await add('4', 'a', 'Backspace')
  await add('5', 'Alt+n')

  for (const [row, text] of [
    [2, 'untitled'],
    [3, 'empty'],
    [4, 'empty'],
    [5, 'null'],
  ] as const) {
    await expect(server.locator(`[data-place="${row - 1}/1"]`)).toHaveText(text)
  }
})

test('the SQL box refuses words of transactions, and says what it shows once', async ({ page, request }) => {
  const { server } = await openPreview(page, await openSample(request))
  await server.getByRole('tab', { name: 'SQL' }).click()
  const sql = server.getByRole('textbox', { name: 'SQL on Server' })

  await sql.fill('rollback')
  await sql.press('Control+Enter')
  await expect(server.getByRole('alert')).toContainText('one statement is one transaction')

  await sql.fill('select 1 as a, 2 as a')
  await sql.press('Control+Enter')
  await expect(server.getByRole('region', { name: 'Result' })).toContainText('Columns of the same name show once')
})

test('tables with odd names and with ten thousand rows run, sync and scroll', async ({ page, request }) => {
  const id = await importWhole(
    request,
    `create table "Order Items" ("Order Id" int, "Line #" int, "50% off?" boolean, primary key ("Order Id", "Line #"));
     create table "weird""name" (id int primary key, "a""b" text);
     create table "select" ("from" int primary key, "where" text);
     create table many (id int primary key, name text not null);
     insert into "Order Items" values (1, 1, true), (1, 2, null);
     insert into "weird""name" values (1, 'quoted');
     insert into "select" values (1, 'reserved');
     insert into many select n, 'Row ' || n from generate_series(1, 10000) n;`,
  )
  const { first, second, server } = await openPreview(page, id)
  for (const device of [first, second]) await sync(device)
  await Promise.all([expectEqual(first), expectEqual(second)])

  await openTable(first, 'weird"name')
  await editCell(first, await cellOf(first, 'quoted', 'a"b'), 'a"b', 'changed "there"')
  await openTable(first, 'select')
  await editCell(first, await cellOf(first, 'reserved', 'where'), 'where', 'changed')
  await openTable(first, 'Order Items')
  await expect(first.getByTestId('row-count')).toHaveText('2 rows')
  await openTable(first, 'many')
  await expect(first.getByTestId('row-count')).toHaveText('10,000 rows')
  const grid = first.getByRole('grid')
  await grid.getByRole('gridcell').first().focus()
  await page.keyboard.press('Control+End')
  await expect(first.getByRole('gridcell', { name: 'Row 10000' })).toBeVisible()
  await editCell(first, await cellOf(first, 'Row 10000', 'name'), 'name', 'The last')
  await sync(first)
  await sync(second)

  await Promise.all([expectEqual(first), expectEqual(second)])
  await openTable(server, 'many')
  await server.getByRole('grid').evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
  await expect(server.getByRole('gridcell', { name: 'The last' })).toBeVisible()
})
