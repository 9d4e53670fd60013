/** All that devices and a server owe each other, by group, on whatever storage and database. */
import { describe } from 'vitest'
import type { Database } from '../../contract'
import { describeConflicts } from './conflicts-suite'
import { describeFiles } from './files-suite'
import { STORAGES, type StorageKind } from './lab'
import { describeLife } from './life-suite'
import { describePull } from './pull-suite'
import { describePush } from './push-suite'
import { describeSql } from './sql-suite'
import { describeValuesAndKeys } from './values-and-keys-suite'
import { describeVersions } from './versions-suite'

export function describeSync(
  openDatabase: () => Promise<Database>,
  names: readonly StorageKind['name'][] = STORAGES.map(({ name }) => name),
): void {
  for (const kind of STORAGES.filter(({ name }) => names.includes(name)))
    describe(`devices on ${kind.name}`, () => {
      const ground = { kind, openDatabase }
      describe('values and keys', () => describeValuesAndKeys(ground))
      describe('push', () => describePush(ground))
      describe('pull', () => describePull(ground))
      describe('conflicts', () => describeConflicts(ground))
      describe('files', () => describeFiles(ground))
      describe('life', () => describeLife(ground))
      describe('versions', () => describeVersions(ground))
      // Left out for memory: that store has no SQL.
      if (kind.name !== 'memory') describe('plain SQL', () => describeSql(ground))
    })
}
