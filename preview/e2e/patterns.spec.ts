import { AxeBuilder } from '@axe-core/playwright'
import { type APIRequestContext, expect, type Locator, type Page, test } from '@playwright/test'
import {
  cellOf,
  editCell,
  expectEqual,
  importWhole,
  openPreview,
  openTable,
  type Preview,
  sync,
} from './sample-project'

/** One table for each pattern that has something of its own to show. */
const importOffice = (request: APIRequestContext): Promise<string> =>
  importWhole(
    request,
    `create table notes (id int primary key, title text not null, body text);
     create table stock (id int primary key, name text not null, quantity int not null);
     create table details (id int primary key, words text);
     create table people (id int primary key, name text not null, phone text);
     insert into notes values (1, 'First', 'As it was'), (2, 'Second', 'As it was');
     insert into stock values (1, 'Screws', 100);
     insert into details values (1, 'Of the first'), (2, 'Of the second');
     insert into people values (1, 'Ada', '555-0101'), (2, 'Ben', '555-0102');`,
    {
      notes: {
        pattern: () => ({
          kind: 'conflict-detection',
          granularity: 'row',
          handler: null,
          resolution: 'park',
          handledOn: 'server',
          blocksSync: false,
          attributes: {},
        }),
      },
      stock: { pattern: ({ quantity = '' }) => ({ kind: 'merge', attributes: { [quantity]: 'counter' } }) },
      details: { pattern: () => ({ kind: 'on-demand', parent: null }) },
      people: { sensitive: ['phone'] },
    },
  )

async function syncAll({ first, second }: Preview): Promise<void> {
  for (const device of [first, second]) {
    await sync(device)
    await expectEqual(device)
  }
}

async function editText(frame: Locator, row: string, column: string, value: string): Promise<void> {
  await editCell(frame, await cellOf(frame, row, column), column, value)
}

/** Both devices edit the title of one note offline; the first one's edit reaches the server first. */
async function makeConflict(page: Page, { first, second, server }: Preview): Promise<void> {
  for (const frame of [first, second, server]) await openTable(frame, 'notes')
  await page.getByRole('button', { name: 'Both offline' }).click()
  await editText(first, 'First', 'title', 'First by one')
  await editText(second, 'First', 'title', 'First by two')
  await first.getByRole('switch', { name: 'Online' }).click()
  await sync(first)
  await expect(server.getByRole('gridcell', { name: 'First by one' })).toBeVisible()
  await second.getByRole('switch', { name: 'Online' }).click()
  await sync(second)
  await expect(second.getByRole('region', { name: 'Conflicts' })).toBeVisible()
}

test('an edit that met another is listed with both versions, and the one that is kept reaches everybody', async ({
  page,
  request,
}) => {
  const preview = await openPreview(page, await importOffice(request))
  const { first, second, server } = preview
  await syncAll(preview)
  await makeConflict(page, preview)
  const conflicts = second.getByRole('region', { name: 'Conflicts' })
  const status = second.getByRole('group', { name: 'Sync status' })

  await expect(conflicts).toContainText('changed here and on the server')
  await expect(conflicts).toContainText('First by one')
  await expect(conflicts).toContainText('First by two')
  await expect(status).toHaveAttribute('data-conflicts', '1')
  await expect(second.getByRole('row', { name: 'First by two' })).toContainText('In conflict, waits for a decision')
  await expect(server.getByRole('gridcell', { name: 'First by one' })).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([])
  }

  await conflicts.getByRole('button', { name: 'Keep mine' }).click()
  await expect(conflicts).toBeHidden()
  await sync(second)
  await expect(server.getByRole('gridcell', { name: 'First by two' })).toBeVisible()
  await syncAll(preview)
  await expect(first.getByRole('gridcell', { name: 'First by two' })).toBeVisible()
})

test('a conflict given to the server takes the edit back', async ({ page, request }) => {
  const preview = await openPreview(page, await importOffice(request))
  const { second } = preview
  await syncAll(preview)
  await makeConflict(page, preview)
  await second.getByRole('region', { name: 'Conflicts' }).getByRole('button', { name: 'Keep theirs' }).click()

  await expect(second.getByRole('region', { name: 'Conflicts' })).toBeHidden()
  await expect(second.getByRole('gridcell', { name: 'First by one' })).toBeVisible()
  await expect(second.getByRole('group', { name: 'Sync status' })).toHaveAttribute('data-pending', '0')
  await syncAll(preview)
})

test('a counter adds up what two devices did, and rows on demand come when they are chosen', async ({
  page,
  request,
}) => {
  const preview = await openPreview(page, await importOffice(request))
  const { first, second, server } = preview
  await syncAll(preview)

  for (const frame of [first, second, server]) await openTable(frame, 'stock')
  await page.getByRole('button', { name: 'Both offline' }).click()
  await editText(first, 'Screws', 'quantity', '97')
  await editText(second, 'Screws', 'quantity', '95')
  for (const device of [first, second]) await device.getByRole('switch', { name: 'Online' }).click()
  for (const device of [first, second, first]) {
    await sync(device)
    await expectEqual(device)
  }
  for (const frame of [first, second, server])
    await expect(frame.getByRole('gridcell', { name: '92', exact: true })).toBeVisible()

  await openTable(first, 'details')
  await expect(first.getByTestId('row-count')).toHaveText('0 rows')
  await first.getByRole('textbox', { name: 'id', exact: true }).fill('2')
  await first.getByRole('button', { name: 'Choose' }).click()
  await expect(first.getByText('1 chosen')).toBeVisible()
  await sync(first)
  await expect(first.getByRole('gridcell', { name: 'Of the second' })).toBeVisible()
  await expect(first.getByTestId('row-count')).toHaveText('1 row')
  await first.getByRole('button', { name: 'Release' }).click()
  await sync(first)
  await expect(first.getByTestId('row-count')).toHaveText('0 rows')
})

test('a sensitive attribute lies encrypted on the devices, and in the clear on the server', async ({
  page,
  request,
}) => {
  const preview = await openPreview(page, await importOffice(request))
  const { first, server } = preview
  await syncAll(preview)

  await openTable(server, 'people')
  await expect(server.getByRole('gridcell', { name: '555-0101' })).toBeVisible()
  await first.getByRole('tab', { name: 'SQL' }).click()
  await first
    .getByRole('textbox', { name: 'SQL on Device 1' })
    .fill("select phone, phone like 'syncline1:%' as encrypted from people where id = 1")
  await first.getByRole('button', { name: 'Run' }).click()
  const result = first.getByRole('region', { name: 'Result' })
  // Whoever reads through the device's API gets the clear text; the database itself never sees it.
  await expect(result.getByRole('cell')).toHaveText(['555-0101', 'true'])

  await openTable(first, 'people')
  await editText(first, 'Ada', 'phone', '555-0199')
  await expect(first.getByRole('group', { name: 'Sync status' })).toHaveAttribute('data-pending', '1')
  await editText(first, 'Ben', 'name', 'Benjamin')
  await sync(first)
  await expect(server.getByRole('gridcell', { name: '555-0199' })).toBeVisible()
  await expect(server.getByRole('gridcell', { name: 'Benjamin' })).toBeVisible()
  await expect(server.getByRole('gridcell', { name: '555-0102' })).toBeVisible()
})
