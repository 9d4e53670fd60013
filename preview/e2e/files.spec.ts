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

/** Two by two pixels. */
const PNG =
  '89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a730000001249444154789c633861232717758201420100211004c5cb9b6fab0000000049454e44ae426082'

test('a file’s content is opened from its cell: a picture is seen, a text is read, both can be downloaded', async ({
  page,
  request,
}) => {
  const sql = SQL.replace('\\x0102', `\\x${PNG}`)
  const id = await importWhole(request, sql, { jobs: { files: ['report', 'scan'] } })
  const { first } = await openPreview(page, id)
  await sync(first)
  await (await cellOf(first, 'Pump', 'report')).getByRole('button', { name: 'Open the content of report' }).click()
  const text = page.getByRole('dialog', { name: 'Content of report' })
  await expect(text).toContainText('All well')
  await expect(text).toContainText('Text, 8 B')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    text.getByRole('link', { name: 'Download' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('report.txt')
  await page.keyboard.press('Escape')
  await expect(text).toBeHidden()

  // By keyboard: from the cell to the button in it.
  const scan = await cellOf(first, 'Pump', 'scan')
  await scan.focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const picture = page.getByRole('dialog', { name: 'Content of scan' })
  await expect(picture.getByRole('img')).toBeVisible()
  await expect(picture).toContainText('PNG image')
  const width = () => picture.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)
  await expect.poll(width).toBe(2)
})
