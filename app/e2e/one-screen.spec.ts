import { expect, type Page, test } from '@playwright/test'
import { importSql, SHOP_SQL } from '@/designer/e2e/helpers'

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
] as const

/** How far the page could be scrolled. */
const excess = (page: Page): Promise<number> =>
  page.evaluate(() => (document.scrollingElement?.scrollHeight ?? 0) - window.innerHeight)

test('no mode of the workbench is taller than the screen', async ({ page }) => {
  await importSql(page, SHOP_SQL)
  const { pathname } = new URL(page.url())
  const project = pathname.split('/').slice(0, 3).join('/')
  for (const mode of ['data', 'flows', 'conflicts', 'preview', 'export']) {
    await page.goto(`${project}/${mode}`)
    await expect(page.locator('[data-save-state]')).toBeVisible()
    for (const size of SIZES) {
      await page.setViewportSize(size)
      expect(await excess(page), `${mode} at ${size.width} by ${size.height}`).toBeLessThanOrEqual(0)
    }
  }
})

test('the first page is no taller than the screen while there are few projects', async ({ page }) => {
  // On a server that others use too there may be more projects than fit.
  await page.route('**/api/trpc/**', (route) => route.abort())
  await page.goto('/')
  await expect(page.getByRole('button', { name: /Import a database/ })).toBeVisible()
  for (const size of SIZES) {
    await page.setViewportSize(size)
    expect(await excess(page), `${size.width} by ${size.height}`).toBeLessThanOrEqual(0)
  }
})
