import { expect, test } from '@playwright/test'
import { cellOf, editCell, expectEqual, importWhole, openPreview, sync } from './sample-project'

const SQL = `
create table jobs (id integer primary key, title text not null, report text, scan bytea);
insert into jobs values (1, 'Pump', 'All well', '\\x0102');
`

test('a file is written on one device, is a name there, and its content is on the server', async ({
  page,
  request,
}) => {
  const id = await importWhole(request, SQL, { jobs: { files: ['report', 'scan'] } })
  const { first, second, server } = await openPreview(page, id)
  await sync(first)
  await expectEqual(first)
  const cell = await cellOf(first, 'Pump', 'report')
  await expect(cell).toHaveText(/^[\da-f]{64}$/)
  const before = (await cell.textContent()) ?? ''
  await expect(first.getByRole('columnheader', { name: /^report text · file/ })).toBeVisible()
  await expect(cell.getByTitle(`A file; its content’s name is ${before}`)).toBeVisible()

  // The name is not offered to be edited: neither it nor nothing is written as content.
  for (const typed of ['', before]) {
    await cell.dblclick()
    const field = first.getByRole('textbox', { name: 'report', exact: true })
    await expect(field).toHaveValue('')
    await expect(field).toHaveAttribute('placeholder', 'text typed becomes the file’s content')
    await field.fill(typed)
    await field.press('Enter')
    await expect(field).toHaveCount(0)
    await expect(cell).toHaveText(before)
    await expect(cell.locator('xpath=..')).not.toHaveAttribute('data-pending')
  }

  await editCell(first, cell, 'report', 'Done')
  await expect(cell).not.toHaveText(before)
  await sync(first)
  await expectEqual(first)
  await expect(await cellOf(server, 'Pump', 'report')).toHaveText('Done')
  await sync(second)
  await expectEqual(second)
  await expect(await cellOf(second, 'Pump', 'report')).toHaveText((await cell.textContent()) ?? '')
})
