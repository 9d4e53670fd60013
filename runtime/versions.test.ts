/**
 * Whoever changes what travels or what is stored raises its version: `versions.json` keeps the hash of each version's
 * form, and a form that changed under the same number fails here. After raising a version, `UPDATE_VERSIONS=1` adds it.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { BUNDLE_VERSION } from './contract/bundle'
import { DEVICE_STORAGE_VERSION, deviceSchemaSql } from './contract/device-schema-sql'
import { deviceSchemaSqliteSql } from './contract/device-schema-sqlite'
import { FileRequest } from './protocol/file-messages'
import { ErrorResponse, PROTOCOL_VERSION, SyncRequest, SyncResponse } from './protocol/messages'
import { FIELD_BUNDLE } from './testing/field-bundle'

const FILE = new URL('./versions.json', import.meta.url)

const FORMS = {
  protocol: {
    version: PROTOCOL_VERSION,
    form: JSON.stringify(
      [SyncRequest, SyncResponse, ErrorResponse, FileRequest].map((schema) => z.toJSONSchema(schema)),
    ),
  },
  bundle: {
    version: BUNDLE_VERSION,
    form: withoutComments(readFileSync(new URL('./contract/bundle.ts', import.meta.url), 'utf8')),
  },
  storage: {
    version: DEVICE_STORAGE_VERSION,
    form: deviceSchemaSql(FIELD_BUNDLE) + deviceSchemaSqliteSql(FIELD_BUNDLE),
  },
}

describe('S4 a form that changes', () => {
  const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Record<string, string>>

  for (const [name, { version, form }] of Object.entries(FORMS)) {
    it(`S4 has a version of its own: ${name}`, () => {
      const hash = createHash('sha256').update(form).digest('hex')
      const known = kept[name]?.[version]
      if (known === undefined && process.env.UPDATE_VERSIONS === '1') {
        kept[name] = { ...kept[name], [version]: hash }
        writeFileSync(FILE, `${JSON.stringify(kept, null, 2)}\n`)
        return
      }
      expect(hash, `The form of "${name}" changed under version ${version}: raise the version.`).toBe(known)
    })
  }
})

/** Comments and white space say nothing about the form. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/\s+/g, ' ')
}
