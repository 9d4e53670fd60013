import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export const MANIFEST = 'manifest.json'

/** A path is deleted on a manifest's word alone, so it has to stay inside of the folder. */
const PathInside = z.string().refine((path) => path.split(/[/\\]/).every((part) => !['', '.', '..'].includes(part)))

/** What tells a bundle's manifest from those of web apps and browser extensions, which have the same name. */
const Manifest = z.looseObject({
  bundleVersion: z.number(),
  projectId: z.string(),
  files: z.record(PathInside, z.string()),
})

export type Manifest = z.infer<typeof Manifest>

/** The manifest of the bundle in the folder, of any version; null where it holds none. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return Manifest.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
