import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { serializeProject } from '@/designer/model/file'
import type { Project } from '@/designer/model/project'
import { manyCards } from './canvas-speed/many-cards'
import { card } from './helpers'

const WRONG = 'customer_demographics'

/** Twelve cards; a column that the one in the middle shows has gone from the schema since. */
function withOneWrong(): Project {
  const project = manyCards(12, 4)
  const local = Object.values(project.localEntities)[6]
  const root = local && project.serverEntities[local.root]
  if (!local || !root) throw new Error('There is no card.')
  const attributes = Object.fromEntries(Object.entries(root.attributes).filter(([, { name }]) => name !== 'column_2'))
  return {
    ...project,
    serverEntities: { ...project.serverEntities, [root.id]: { ...root, attributes } },
    localEntities: { ...project.localEntities, [local.id]: { ...local, name: WRONG } },
  }
}

async function open(page: Page, project: Project): Promise<void> {
  await page.goto('/')
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles({
      name: 'wrong.syncline.json',
      mimeType: 'application/json',
      buffer: Buffer.from(serializeProject(project)),
    })
  await expect(page.locator('.entity-card').first()).toBeVisible({ timeout: 60_000 })
}

async function zoomUntil(page: Page, button: 'Zoom in' | 'Zoom out', lod: string, names: string): Promise<void> {
  const canvas = page.locator('.canvas')
  const zoom = page.getByRole('button', { name: /^Zoom \d+ percent/ })
  for (let presses = 0; presses < 20; presses += 1) {
    if ((await canvas.getAttribute('data-lod')) === lod && (await canvas.getAttribute('data-names')) === names) return
    const before = await zoom.getAttribute('aria-label')
    await page.getByRole('button', { name: button }).click()
    await expect(zoom).not.toHaveAttribute('aria-label', before ?? '')
  }
}

test('a card shows its problems from as far as it can be seen, and so does the overview', async ({ page }) => {
  await open(page, withOneWrong())
  const wrong = card(page, WRONG)
  await page.getByRole('button', { name: 'Fit all' }).click()
  for (const [lod, names] of [
    ['far', 'tiny'],
    ['far', 'large'],
    ['far', 'plain'],
    ['names', 'plain'],
  ] as const) {
    await zoomUntil(page, lod === 'far' && names === 'tiny' ? 'Zoom out' : 'Zoom in', lod, names)
    await expect(wrong.getByRole('img', { name: '1 error', exact: true })).toBeVisible()
    await expect(page.locator('.entity-mark')).toHaveCount(1)
  }
  await expect(page.locator('.canvas-minimap .minimap-error')).toHaveCount(1)
  const { violations } = await new AxeBuilder({ page }).include('.canvas').analyze()
  expect(violations).toEqual([])

  await zoomUntil(page, 'Zoom in', 'full', 'large')
  await expect(wrong.locator('.entity-foot .badge')).toHaveText('1')
  await expect(wrong.locator('[data-attribute="column_2"] .entity-missing')).toHaveText('missing')
})

test('the cost of a pattern stays on one line of its tile', async ({ page }) => {
  await open(page, withOneWrong())
  await card(page, 'table_002').locator('.entity-name').click()
  const costs = page.locator('.pattern-choice-cost')
  await expect(costs).toHaveCount(8)
  for (const size of [
    { width: 1440, height: 900 },
    { width: 1024, height: 768 },
  ]) {
    await page.setViewportSize(size)
    for (const cost of await costs.all()) {
      await expect(cost).toHaveText(/ a day$/)
      const { lines, cut } = await cost.evaluate((each) => ({
        lines: each.clientHeight / Number.parseFloat(getComputedStyle(each).lineHeight),
        cut: each.scrollWidth > each.clientWidth,
      }))
      expect({ lines: Math.round(lines), cut }).toEqual({ lines: 1, cut: false })
    }
  }
})
