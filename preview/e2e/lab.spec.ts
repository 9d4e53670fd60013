import { createHash } from 'node:crypto'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { cellOf, editCell, expectEqual, importWhole, openPreview, openSample, openTable, sync } from './sample-project'

test('two devices that were edited offline converge with each other and the server', async ({ page, request }) => {
  const { main, first, second, server } = await openPreview(page, await openSample(request))
  expect(Number(await main.getAttribute('data-ready-ms'))).toBeGreaterThan(0)
  await sync(first)
  await sync(second)
  await Promise.all([expectEqual(first), expectEqual(second)])
  for (const frame of [first, second, server]) await openTable(frame, 'contacts')

  await page.getByRole('button', { name: 'Both offline' }).click()
  await expect(first.getByRole('switch', { name: 'Online' })).not.toBeChecked()
  await editCell(first, await cellOf(first, 'Björn Kaya', 'role'), 'role', 'Head baker')
  await editCell(second, await cellOf(second, 'Daniel Moreau', 'role'), 'role', 'Chef')
  await editCell(first, await cellOf(first, 'Florian Kaya', 'name'), 'name', 'Florian of Anna')
  await editCell(second, await cellOf(second, 'Florian Kaya', 'name'), 'name', 'Florian of Ben')
  await expect(first.getByRole('group', { name: 'Sync status' })).toHaveAttribute('data-pending', '2')
  await expect(first.getByRole('row', { name: 'Florian of Anna' })).toContainText('Changed here, not yet sent')
  await expect(first.locator('[data-verdict]')).toHaveAttribute('data-verdict', 'different')

  await first.getByRole('switch', { name: 'Online' }).click()
  await sync(first)
  await expect(server.getByRole('gridcell', { name: 'Florian of Anna' })).toBeVisible()
  await second.getByRole('switch', { name: 'Online' }).click()
  await sync(second)
  await expect(server.getByRole('gridcell', { name: 'Florian of Ben' })).toBeVisible()
  await sync(first)

  for (const frame of [first, second, server]) {
    await expect(frame.getByRole('gridcell', { name: 'Head baker' })).toBeVisible()
    await expect(frame.getByRole('gridcell', { name: 'Chef', exact: true })).toBeVisible()
    await expect(frame.getByRole('gridcell', { name: 'Florian of Ben' })).toBeVisible()
  }
  await Promise.all([expectEqual(first), expectEqual(second)])
  await expect(first.getByRole('group', { name: 'Sync status' })).toHaveAttribute('data-pending', '0')
})

test('rows written on the server by another app come with the next sync', async ({ page, request }) => {
  const { first, server } = await openPreview(page, await openSample(request))
  await sync(first)
  await expectEqual(first)
  await openTable(server, 'parts')
  await openTable(first, 'parts')

  await server.getByRole('button', { name: 'Add row' }).click()
  await server.getByRole('textbox', { name: 'New code' }).fill('NEW-1')
  await server.getByRole('textbox', { name: 'New name' }).fill('Fresh part')
  await server.getByRole('textbox', { name: 'New unit_price' }).fill('12.50')
  await server.getByRole('textbox', { name: 'New unit_price' }).press('Enter')
  await expect(first.locator('[data-verdict]')).toHaveAttribute('data-verdict', 'different')
  await sync(first)

  await expectEqual(first)
  await expect(page.getByRole('region', { name: 'Log' }).locator('[data-kind=exchange]').last()).toContainText(
    'Pull → 1 row',
  )
})

test('a value that the database refuses is told at its cell, and null is not the empty text', async ({
  page,
  request,
}) => {
  const { first } = await openPreview(page, await openSample(request))
  await sync(first)
  await expectEqual(first)
  await openTable(first, 'contacts')
  const phone = await cellOf(first, 'Björn Kaya', 'phone')
  const before = (await phone.textContent()) ?? ''

  await editCell(first, phone, 'phone', 'x'.repeat(31))
  await expect(page.getByRole('alert').filter({ hasText: 'value too long' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(phone).toHaveText(before)

  await editCell(first, phone, 'phone', '')
  await expect(phone).toHaveText('empty')
  await phone.dblclick()
  await page.keyboard.press('Alt+n')
  await page.keyboard.press('Enter')
  await expect(phone).toHaveText('null')
})

test('a grid can be walked, edited and rid of a row by keyboard', async ({ page, request }) => {
  const { server } = await openPreview(page, await openSample(request))
  await openTable(server, 'contacts')
  const grid = server.getByRole('grid', { name: 'contacts on Server' })
  await expect(grid).toHaveAttribute('aria-busy', 'false')
  const rowsBefore = Number(await grid.getAttribute('aria-rowcount'))
  await grid.getByRole('gridcell').first().focus()

  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('F2')
  await page.keyboard.type('Typed name')
  await page.keyboard.press('Enter')
  await expect(server.getByRole('gridcell', { name: 'Typed name' })).toBeFocused()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('Control+Delete')

  await expect(grid).toHaveAttribute('aria-rowcount', String(rowsBefore - 1))
})

test('what runs is the bundle that an export gives, and a reset starts it anew', async ({ page, request }) => {
  const projectId = await openSample(request)
  const exported = await request.get(`/api/export/${projectId}`)
  const { main, first } = await openPreview(page, projectId)

  await expect(main).toHaveAttribute('data-hash', exported.headers()['x-bundle-hash'] ?? 'no hash')
  expect(await main.getAttribute('data-device-sha256')).toMatch(/^[0-9a-f]{64}$/)
  const built = await request.get(
    `/api/trpc/bundle.build?input=${encodeURIComponent(JSON.stringify({ json: { id: projectId } }))}`,
  )
  const files: { path: string; text: string }[] = (await built.json()).result.data.json.files
  const sha256 = (path: string) =>
    createHash('sha256')
      .update(files.find((file) => file.path === path)?.text ?? '')
      .digest('hex')
  await expect(main).toHaveAttribute('data-device-sha256', sha256('device.js'))
  await expect(main).toHaveAttribute('data-server-sha256', sha256('server.js'))

  await sync(first)
  await expectEqual(first)
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect(main).toHaveAttribute('data-phase', 'running', { timeout: 60_000 })
  await expect(first.getByText('Never synced')).toBeVisible()
})

test('what the server refuses waits with its reason, to be retried or discarded', async ({ page, request }) => {
  const { first, server } = await openPreview(page, await openSample(request))
  await sync(first)
  await expectEqual(first)
  await openTable(first, 'contacts')
  await server.getByRole('tab', { name: 'SQL' }).click()
  const sql = server.getByRole('textbox', { name: 'SQL on Server' })
  await sql.fill('alter table contacts add constraint short_role check (length(role) < 20)')
  await sql.press('Control+Enter')
  await expect(server.getByText('Done; no rows came back.')).toBeVisible()

  await editCell(first, await cellOf(first, 'Björn Kaya', 'role'), 'role', 'Head of all the ovens')
  await sync(first)

  const quarantine = first.getByRole('region', { name: 'Quarantine' })
  await expect(quarantine).toContainText('short_role')
  await expect(first.getByRole('group', { name: 'Sync status' })).toHaveAttribute('data-quarantined', '1')
  await expect(page.getByRole('region', { name: 'Log' })).toContainText('1 refused')
  await quarantine.getByRole('button', { name: 'Discard' }).click()
  await expect(quarantine).toBeHidden()

  await editCell(first, await cellOf(first, 'Björn Kaya', 'role'), 'role', 'Head of all the ovens')
  await sync(first)
  await expect(quarantine).toContainText('short_role')
  await sql.fill('alter table contacts drop constraint short_role')
  await sql.press('Control+Enter')
  await quarantine.getByRole('button', { name: 'Retry' }).click()
  await sync(first)
  await expect(quarantine).toBeHidden()
  await expectEqual(first)
  await expect(first.getByRole('gridcell', { name: 'Head of all the ovens' })).toBeVisible()
})

test("the server has its database's extensions, which its keys and indexes need", async ({ page, request }) => {
  const projectId = await importWhole(
    request,
    `create extension "uuid-ossp"; create extension pg_trgm;
     create table things (id uuid primary key default uuid_generate_v4(), name text not null);
     create index on things using gin (name gin_trgm_ops);
     insert into things (name) values ('One'), ('Two');`,
  )
  const { first, server } = await openPreview(page, projectId)

  await server.getByRole('button', { name: 'Add row' }).click()
  await server.getByRole('textbox', { name: 'New name' }).fill('Three')
  await server.getByRole('textbox', { name: 'New name' }).press('Enter')
  await expect(server.getByRole('gridcell', { name: 'Three' })).toBeVisible()
  await sync(first)

  await expect(first.getByRole('gridcell', { name: 'Three' })).toBeVisible()
  await expectEqual(first)
})

test('without the policy on its response the worker is not started', async ({ page, request }) => {
  const projectId = await openSample(request)
  await page.route('**/preview/preview-worker.*.js', async (route) => {
    const response = await route.fetch()
    const { 'content-security-policy': _, ...headers } = response.headers()
    await route.fulfill({ response, headers })
  })

  await page.goto(`/projects/${projectId}/preview`)

  await expect(page.getByRole('alert').filter({ hasText: 'could reach the network' })).toBeVisible({ timeout: 60_000 })
})

test('axe finds no serious fault, light and wide or dark and narrow', async ({ page, request }) => {
  const { first } = await openPreview(page, await openSample(request))
  await sync(first)
  await expectEqual(first)
  for (const [colorScheme, width] of [
    ['light', 1440],
    ['dark', 1024],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    const { violations } = await new AxeBuilder({ page }).exclude('nextjs-portal').analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  }
})
