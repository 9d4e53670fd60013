import { expect, type Page } from '@playwright/test'
import postgres from 'postgres'

/** Statements in a database, as somebody else's program would run them. */
export async function run(url: string, sql: string): Promise<void> {
  const connection = postgres(url, { max: 1, onnotice: () => undefined })
  await connection.unsafe(sql)
  await connection.end()
}

/** Imports by address, keeps the connection, and answers when Data mode is there. */
export async function importUrl(page: Page, url: string): Promise<void> {
  await page.goto('/')
  await page.getByRole('button', { name: /Import a database/ }).click()
  await page.getByRole('tab', { name: 'Connection' }).click()
  await page.getByPlaceholder(/postgres:/).fill(url)
  await expect(page.getByLabel(/Keep this connection/)).toBeChecked()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('button', { name: 'Open the project' }).click({ timeout: 60_000 })
  await expect(page.getByRole('tree')).toBeVisible({ timeout: 60_000 })
}
