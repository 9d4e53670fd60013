import { expect, type Locator, type Page, test } from '@playwright/test'
import { card, importSql } from './helpers'

/** Customers in regions, orders with two ways to a customer, lines of orders, and suppliers that look like customers. */
const SQL = `
create table regions (id integer primary key, title varchar(40) not null);
create table customers (
  id integer primary key,
  company varchar(40) not null,
  city varchar(40),
  phone varchar(20),
  region_id integer references regions
);
create table suppliers (id integer primary key, company varchar(40) not null, city varchar(40), phone varchar(20));
create table orders (
  id integer primary key,
  customer_id integer not null references customers,
  payer_id integer references customers,
  note text
);
create table lines (
  order_id integer not null references orders,
  product text not null,
  primary key (order_id, product)
);
create table journal (line text);
`

test.beforeEach(({ page }) => importSql(page, SQL))

const table = (page: Page, name: string) => page.locator(`[data-table="${name}"]`)
const carried = (page: Page) => page.locator('.carried')
const rows = (page: Page, name: string) => card(page, name).locator('[data-attribute]')

/** Carries a line of the tree to a card, or to a place on the canvas, and holds it there. */
async function carry(
  page: Page,
  line: Locator,
  to: string | { readonly x: number; readonly y: number },
): Promise<void> {
  const from = await line.boundingBox()
  const box = typeof to === 'string' ? await card(page, to).boundingBox() : null
  const target = typeof to === 'string' ? box && { x: box.x + 120, y: box.y + 60 } : to
  if (!from || !target) throw new Error('There is nothing to carry, or nowhere to carry it to.')
  await page.mouse.move(from.x + 90, from.y + from.height / 2)
  await page.mouse.down()
  await page.mouse.move(target.x, target.y, { steps: 8 })
}

async function open(line: Locator): Promise<void> {
  await line.locator('[data-chevron]').click()
}

/** Puts a table onto the canvas with some of its attributes, all if none are given. */
async function place(page: Page, name: string, at: { x: number; y: number }, attributes?: readonly string[]) {
  await carry(page, table(page, name), at)
  await page.mouse.up()
  const dialog = page.getByRole('dialog')
  if (attributes) {
    await dialog.getByRole('button', { name: 'Key only' }).click()
    for (const attribute of attributes) await dialog.getByLabel(attribute).check()
  }
  await dialog.getByRole('button', { name: 'Add to canvas' }).click()
  await expect(card(page, name)).toBeVisible()
}

const LEFT = { x: 480, y: 140 }
const RIGHT = { x: 900, y: 140 }

test('a table shows where it will lie, and becomes an entity with the pattern and attributes chosen', async ({
  page,
}) => {
  await carry(page, table(page, 'customers'), LEFT)
  await expect(carried(page)).toContainText('Add customers')
  const ghost = await page.locator('.drop-ghost').boundingBox()
  await page.mouse.up()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(/B a row/)).toBeVisible()
  await dialog.getByLabel('Pattern').selectOption('read-only-delta')
  await dialog.getByLabel('phone').uncheck()
  await dialog.getByRole('button', { name: 'Add to canvas' }).click()
  await expect(rows(page, 'customers')).toHaveCount(4)
  await expect(card(page, 'customers')).toContainText('Read-only, delta')
  const box = await card(page, 'customers').boundingBox()
  expect(Math.abs((box?.x ?? 0) - (ghost?.x ?? 0))).toBeLessThan(3)
  expect(Math.abs((box?.y ?? 0) - (ghost?.y ?? 0))).toBeLessThan(3)
})

test('an attribute on the canvas starts an entity with its key and itself', async ({ page }) => {
  await open(table(page, 'customers'))
  await carry(page, page.locator('[data-column="city"]'), LEFT)
  await page.mouse.up()
  await page.getByRole('dialog').getByRole('button', { name: 'Add to canvas' }).click()
  await expect(rows(page, 'customers')).toHaveText([/^id/, /^city/])
})

test('an attribute is added to the card of its table, and one that is there says so', async ({ page }) => {
  await place(page, 'customers', LEFT, ['company'])
  await open(table(page, 'customers'))
  await carry(page, page.locator('[data-column="city"]'), 'customers')
  await expect(carried(page)).toContainText('Add city to customers')
  await expect(card(page, 'customers')).toHaveAttribute('data-drop', 'takes')
  await page.mouse.up()
  await expect(rows(page, 'customers')).toHaveText([/^id/, /^company/, /^city/])
  await carry(page, page.locator('[data-column="city"]'), 'customers')
  await expect(carried(page)).toContainText('has “city” already')
  await expect(card(page, 'customers')).toHaveAttribute('data-drop', 'refuses')
  await page.keyboard.press('Escape')
  await page.mouse.up()
  await expect(carried(page)).toHaveCount(0)
  await expect(rows(page, 'customers')).toHaveCount(3)
})

test('through a foreign key an attribute is denormalised, says so, and undo and redo follow', async ({ page }) => {
  await place(page, 'customers', LEFT)
  await open(table(page, 'customers'))
  await open(page.locator('[data-column="region_id"]'))
  await carry(page, page.locator('[data-column="title"]'), 'customers')
  await expect(carried(page)).toContainText('Denormalise regions.title into customers via region_id')
  await page.mouse.up()
  const added = card(page, 'customers').locator('[data-attribute="region_title"]')
  await expect(added.getByLabel('denormalised')).toBeVisible()
  await expect(added.locator('.entity-type')).toHaveAttribute('title', 'region_id → regions.title')
  await expect(page).toHaveURL(/select=attribute/)
  await page.keyboard.press('Control+z')
  await expect(added).toHaveCount(0)
  await page.keyboard.press('Control+y')
  await expect(added).toBeVisible()
})

test('where two ways lead to the attribute, the user chooses', async ({ page }) => {
  await place(page, 'orders', LEFT)
  await open(table(page, 'customers'))
  await carry(page, page.locator('[data-column="company"]'), 'orders')
  await expect(carried(page)).toContainText('via payer_id')
  await page.mouse.up()
  await page.getByRole('menuitem', { name: /via payer_id/ }).click()
  await expect(card(page, 'orders').locator('[data-attribute="payer_company"] .entity-type')).toHaveAttribute(
    'title',
    'payer_id → customers.company',
  )
})

test('a parent is denormalised in part, or brought as an entity of its own', async ({ page }) => {
  await place(page, 'orders', LEFT)
  await open(table(page, 'orders'))
  await open(page.locator('[data-column="customer_id"]'))
  await carry(page, page.locator('[data-parent="customers"]'), 'orders')
  await page.mouse.up()
  await page.getByRole('menuitem', { name: /Denormalise attributes of customers/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('city').check()
  await dialog.getByLabel('company').check()
  await dialog.getByRole('button', { name: 'Denormalise', exact: true }).click()
  await expect(card(page, 'orders').getByLabel('denormalised')).toHaveCount(2)

  await carry(page, page.locator('[data-parent="customers"]'), 'orders')
  await page.mouse.up()
  await page.getByRole('menuitem', { name: /Bring customers/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Add to canvas' }).click()
  await expect(card(page, 'customers')).toBeVisible()
  await expect(page.locator('.fk-edge')).toHaveCount(2)
})

test('a table that refers to the card is added as its child, which says what the parent becomes and can be taken back', async ({
  page,
}) => {
  await place(page, 'orders', LEFT)
  await carry(page, table(page, 'lines'), 'orders')
  await page.mouse.up()
  const choice = page.getByRole('menuitem', { name: /as a child/ })
  await expect(choice).toContainText('orders becomes One to many')
  await choice.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('orders becomes One to many instead of Last write wins')
  await dialog.getByRole('button', { name: 'Add to canvas' }).click()
  await expect(card(page, 'lines')).toBeVisible()
  await expect(card(page, 'orders')).toContainText('One to many')
  const toast = page.locator('.toast', { hasText: '“orders” is now One to many' })
  await toast.getByRole('button', { name: 'Undo' }).click()
  await expect(card(page, 'lines')).toHaveCount(0)
  await expect(card(page, 'orders')).toContainText('Last write wins')
})

test('a card is mapped by name to another table: what stays is shown before, and one step takes it back', async ({
  page,
}) => {
  await place(page, 'customers', LEFT)
  await carry(page, table(page, 'suppliers'), 'customers')
  await page.mouse.up()
  await expect(page.getByRole('menuitem', { name: /as a child/ })).toContainText('does not refer to “customers”')
  await expect(page.getByRole('menuitem', { name: /Denormalise attributes/ })).toBeDisabled()
  await page.getByRole('menuitem', { name: /Map customers by name to suppliers/ }).click()
  const dialog = page.getByRole('dialog', { name: /Map customers by name/ })
  await expect(dialog).toContainText('4 kept, 1 dropped, 0 added')
  await expect(dialog.getByRole('listitem').filter({ hasText: 'region_id' })).toContainText(
    'has no column of this name',
  )
  await dialog.getByRole('button', { name: 'Map', exact: true }).click()
  await expect(rows(page, 'customers')).toHaveText([/^id/, /^company/, /^city/, /^phone/])
  await expect(page.locator('.toast')).toContainText('“customers” now takes its rows from “suppliers”')
  await page.keyboard.press('Control+z')
  await expect(rows(page, 'customers')).toHaveCount(5)
})

test('a table that has a card leads to it, and is not brought a second time', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 720 })
  await place(page, 'customers', { x: 330, y: 140 })
  await carry(page, table(page, 'customers'), { x: 500, y: 560 })
  await expect(carried(page)).toContainText('Go to the card customers')
  await expect(page.locator('.drop-ghost')).toHaveCount(0)
  await page.mouse.up()
  await expect(page.locator('.toast')).toContainText('“customers” is on the device already as “customers”')
  await expect(card(page, 'customers')).toHaveAttribute('data-selected', '')
  await table(page, 'customers').click()
  await expect(card(page, 'customers')).not.toHaveAttribute('data-selected', '')
  await page.keyboard.press('Enter')
  await expect(card(page, 'customers')).toHaveAttribute('data-selected', '')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.keyboard.press('Control+z')
  await place(page, 'orders', { x: 330, y: 140 })
  await table(page, 'customers').click()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: 'Add to canvas' }).click()
  await carry(page, table(page, 'customers'), 'orders')
  await page.mouse.up()
  for (const way of [/Map orders by name/, /as a child/, /of its own/]) {
    await expect(page.getByRole('menuitem', { name: way })).toBeDisabled()
  }
  await expect(page.getByRole('menuitem', { name: /of its own/ })).toContainText('is on the device already')
  // What tells the two ways apart is never cut.
  const notes = page.locator('.menu-note')
  await expect(notes).toHaveText([/^via payer_id/, /^via customer_id/])
  for (const note of await notes.all()) {
    expect(await note.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true)
  }
})

test('a table of which nothing can be made on a card shows all ways with their reasons', async ({ page }) => {
  await place(page, 'regions', LEFT)
  await carry(page, table(page, 'journal'), 'regions')
  await expect(carried(page)).toContainText('Nothing can be made of it here')
  await expect(card(page, 'regions')).toHaveAttribute('data-drop', 'refuses')
  await page.mouse.up()
  const ways = page.getByRole('menuitem')
  await expect(ways).toHaveCount(4)
  for (const way of await ways.all()) await expect(way).toBeDisabled()
  await expect(ways.first()).toContainText('has no primary key')
  await page.keyboard.press('Escape')
  await expect(ways).toHaveCount(0)
})

test('the menus of a table and of a card offer the same without a mouse to drag with', async ({ page }) => {
  await place(page, 'customers', LEFT)
  await table(page, 'suppliers').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Put onto customers' }).hover()
  await expect(page.getByRole('menuitem', { name: /Map customers by name to suppliers/ })).toBeEnabled()
  await expect(page.getByRole('menuitem', { name: /as a child/ })).toBeDisabled()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+O')
  await page.getByRole('tree', { name: 'Local entities' }).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+F10')
  await chooseByKeys(page, 'Map by name to another table')
  await page.keyboard.press('ArrowRight')
  await chooseByKeys(page, /^suppliers…/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: /Map customers by name/ })).toBeVisible()
})

async function chooseByKeys(page: Page, name: string | RegExp): Promise<void> {
  const item = page.getByRole('menuitem', { name })
  await expect(item).toBeVisible()
  while (!(await item.evaluate((element) => element.hasAttribute('data-highlighted')))) {
    await page.keyboard.press('ArrowDown')
  }
}

test('what does not fit says why and changes nothing', async ({ page }) => {
  await place(page, 'regions', LEFT)
  await open(table(page, 'customers'))
  await carry(page, page.locator('[data-column="city"]'), 'regions')
  await expect(carried(page)).toContainText('one regions has many customers')
  await page.mouse.up()
  await expect(page.locator('.toast', { hasText: 'one regions has many customers' })).toBeVisible()
  await expect(rows(page, 'regions')).toHaveCount(2)
})

test('a message does not cover the card that was just made', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 720 })
  // At the foot of the canvas, where messages lie otherwise.
  await place(page, 'orders', { x: 420, y: 560 })
  await carry(page, table(page, 'orders'), { x: 480, y: 200 })
  await page.mouse.up()
  const toast = page.locator('.toast', { hasText: 'is on the device already' })
  await expect(toast).toBeVisible()
  await page.mouse.move(10, 10)
  const covers = async () => {
    const [a, b] = [await toast.boundingBox(), await card(page, 'orders').boundingBox()]
    if (!a || !b) throw new Error('One of them is not there.')
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
  }
  await expect.poll(covers).toBe(false)
})

test('messages lie over the canvas, not over the inspector, and below a dialog', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 720 })
  await place(page, 'orders', { x: 330, y: 140 })
  await carry(page, table(page, 'journal'), { x: 500, y: 520 })
  await page.mouse.up()
  const toast = page.locator('.toast', { hasText: 'has no primary key' })
  const overlaps = async (other: Locator) => {
    const [a, b] = [await toast.boundingBox(), await other.boundingBox()]
    if (!a || !b) throw new Error('One of them is not there.')
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
  }
  await expect(toast).toBeVisible()
  for (const other of [
    page.getByRole('region', { name: 'Inspector' }),
    page.getByRole('region', { name: 'Lower panel' }),
    page.getByRole('button', { name: 'Zoom out' }),
  ]) {
    expect(await overlaps(other)).toBe(false)
  }
  await page.getByRole('button', { name: 'Add entities from the database…' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expect.poll(() => overlaps(page.getByRole('dialog'))).toBe(false)
})

test('the canvas moves while something is held at its edge, and what it is let go on is what lies there then', async ({
  page,
}) => {
  await place(page, 'customers', LEFT)
  await carry(page, table(page, 'suppliers'), RIGHT)
  const x = async () => (await card(page, 'customers').boundingBox())?.x ?? 0
  const before = await x()
  const canvas = await page.locator('[data-drop-area]').boundingBox()
  if (!canvas) throw new Error('There is no canvas.')
  await page.mouse.move(canvas.x + canvas.width - 6, canvas.y + canvas.height / 2, { steps: 4 })
  await expect.poll(x).toBeLessThan(before - 200)
  // In the middle it stands still.
  await page.mouse.move(RIGHT.x, RIGHT.y, { steps: 4 })
  const moved = await x()
  await page.mouse.up()
  await page.getByRole('dialog').getByRole('button', { name: 'Add to canvas' }).click()
  await expect(card(page, 'suppliers')).toBeVisible()
  expect(await x()).toBeCloseTo(moved, 0)
})

test('a group is drawn around cards, moves them together, and is undone as one', async ({ page }) => {
  await place(page, 'regions', LEFT)
  await place(page, 'suppliers', RIGHT)
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+g')
  await page.getByLabel('Name of the group').fill('Master data')
  await page.keyboard.press('Enter')
  const label = page.locator('.frame-label', { hasText: 'Master data' })
  const before = await Promise.all(['regions', 'suppliers'].map((name) => card(page, name).boundingBox()))
  const at = await label.boundingBox()
  await page.mouse.move((at?.x ?? 0) + 20, (at?.y ?? 0) + 10)
  await page.mouse.down()
  await page.mouse.move((at?.x ?? 0) + 50, (at?.y ?? 0) + 110, { steps: 6 })
  await page.mouse.up()
  const movedBy = async (index: number, name: string) =>
    Math.round(((await card(page, name).boundingBox())?.y ?? 0) - (before[index]?.y ?? 0))
  // The way to the first step is where a drag begins, so the cards go somewhat less far than the mouse.
  await expect.poll(() => movedBy(0, 'regions')).toBeGreaterThan(60)
  expect(await movedBy(1, 'suppliers')).toBe(await movedBy(0, 'regions'))
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await card(page, 'suppliers').boundingBox())?.y).toBe(before[1]?.y)
})

test('a note is written in place and stays over a reload', async ({ page }) => {
  await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 200, y: 400 } })
  await page.getByRole('menuitem', { name: 'Add a note' }).click()
  await page.getByLabel('Text of the note').fill('Only this year’s orders')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.note')).toHaveText('Only this year’s orders')
  await expect(page.locator('[data-save-state]')).toHaveAttribute('data-save-state', 'saved')
  await page.reload()
  await expect(page.locator('.note')).toHaveText('Only this year’s orders')
})

test('cards are arranged in one step, and the picture is exported with its references', async ({ page }) => {
  await place(page, 'orders', LEFT)
  await place(page, 'customers', { x: 900, y: 420 })
  await card(page, 'orders').click({ button: 'right', position: { x: 60, y: 20 } })
  await page.keyboard.press('Escape')
  const x = async (name: string) => (await card(page, name).boundingBox())?.x ?? 0
  expect(await x('orders')).toBeLessThan(await x('customers'))
  await page.getByRole('button', { name: 'Arrange the cards' }).click()
  await expect.poll(async () => (await x('orders')) > (await x('customers'))).toBe(true)

  const download = page.waitForEvent('download')
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder(/Type a command/).fill('picture')
  await page.keyboard.press('Enter')
  const stream = await (await download).createReadStream()
  let svg = ''
  for await (const part of stream) svg += part
  expect(svg).toMatch(/^<svg xmlns/)
  expect(svg.match(/<title>orders_[a-z_]*fkey<\/title><path d="M/g)).toHaveLength(2)

  await expect(page.getByPlaceholder(/Type a command/)).toBeHidden()
  await page.keyboard.press('Control+z')
  await expect.poll(async () => (await x('orders')) < (await x('customers'))).toBe(true)
})
