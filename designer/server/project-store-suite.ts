import { describe, expect, it } from 'vitest'
import { emptyProject, type Project } from '@/designer/model'
import type { Database } from './database'
import { createProjectStore } from './project-store'

const named = (id: string, name: string): Project => emptyProject({ id, name })

/** What the store promises, wherever the tables are: run on PGlite and on PostgreSQL. */
export function describeProjectStore(where: string, open: () => Database): void {
  describe(`projects kept in ${where}`, () => {
    const store = () => createProjectStore(open())

    it('gives back what was created, character by character', async () => {
      const project = named('pr_text', 'Ünïcode \u0000 \ud83d\ude80 "quoted" \\ \n')
      await store().create('pr_text', project, null)
      expect(await store().get('pr_text')).toEqual({ project, revision: 1, startData: { kept: false } })
    })

    it('lists projects without their documents, and not the removed ones', async () => {
      await store().create('pr_kept', named('pr_kept', 'Kept'), null)
      await store().create('pr_gone', named('pr_gone', 'Gone'), null)
      await store().remove('pr_gone')
      const list = await store().list()
      expect(list.find(({ id }) => id === 'pr_kept')).toEqual({
        id: 'pr_kept',
        name: 'Kept',
        revision: 1,
        entityCount: 0,
        tableCount: 0,
        updatedAt: expect.any(Date),
      })
      expect(list.map(({ id }) => id)).not.toContain('pr_gone')
    })

    it('saves on the last revision, and refuses a stale save with what is there now', async () => {
      await store().create('pr_save', named('pr_save', 'First'), null)
      expect(await store().save('pr_save', 1, named('pr_save', 'Second'))).toEqual({ kind: 'saved', revision: 2 })
      expect(await store().save('pr_save', 1, named('pr_save', 'Stale'))).toEqual({
        kind: 'stale',
        current: { revision: 2, project: named('pr_save', 'Second') },
      })
      expect((await store().list()).find(({ id }) => id === 'pr_save')?.name).toBe('Second')
    })

    it('lets exactly one of many saves on one revision win', async () => {
      await store().create('pr_race', named('pr_race', 'Start'), null)
      const racers = Array.from({ length: 8 }, (_, racer) => `Racer ${racer}`)
      const results = await Promise.all(racers.map((name) => store().save('pr_race', 1, named('pr_race', name))))
      const winners = racers.filter((_, racer) => results[racer]?.kind === 'saved')
      expect(winners).toHaveLength(1)
      const stored = await store().get('pr_race')
      expect(stored).toMatchObject({ revision: 2, project: { name: winners[0] } })
      for (const result of results) {
        if (result.kind === 'stale')
          expect(result.current).toMatchObject({ revision: 2, project: { name: winners[0] } })
      }
    })

    it('hides a removed project from every use, and brings it back whole', async () => {
      const project = named('pr_undo', 'Undo me')
      await store().create('pr_undo', project, new Uint8Array([1]))
      expect(await store().remove('pr_undo')).toBe(true)
      expect(await store().remove('pr_undo')).toBe(false)
      expect(await store().get('pr_undo')).toBeNull()
      expect(await store().startData('pr_undo', '')).toBeNull()
      expect(await store().save('pr_undo', 1, project)).toEqual({ kind: 'not-found' })
      expect(await store().restore('pr_undo')).toBe(true)
      expect(await store().restore('pr_undo')).toBe(false)
      expect(await store().get('pr_undo')).toEqual({ project, revision: 1, startData: { kept: true } })
    })

    it('keeps the bytes of imported rows, and tells two imports apart', async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256)
      await store().create('pr_rows', named('pr_rows', 'Rows'), bytes)
      await store().create('pr_other', named('pr_other', 'Rows'), bytes.slice(1))
      await store().create('pr_none', named('pr_none', 'None'), null)
      expect(await store().startData('pr_rows', '')).toEqual(bytes)
      expect(await store().startDataHash('pr_rows', '')).not.toBe(await store().startDataHash('pr_other', ''))
      expect(await store().startDataHash('pr_none', '')).toBeNull()
    })

    it('gives each schema the rows that were taken with it, and one without any the last', async () => {
      const rows = async (schema: string) => (await store().startData('pr_many', schema))?.[0]
      await store().create('pr_many', named('pr_many', 'Many'), new Uint8Array([1]))
      await store().keepStartData('pr_many', 'first')
      expect(await store().setStartData('pr_many', 'second', new Uint8Array([2]))).toBeNull()
      expect([await rows('first'), await rows('second'), await rows('by hand')]).toEqual([1, 2, 2])
      expect(await store().setStartData('pr_many', 'first', new Uint8Array([3]))).toEqual(new Uint8Array([1]))
      expect([await rows('first'), await rows('second'), await rows('by hand')]).toEqual([3, 2, 3])
      expect((await store().get('pr_many'))?.startData).toEqual({ kept: true })
    })

    it('keeps the rows of the last few schemas only', async () => {
      await store().create('pr_few', named('pr_few', 'Few'), new Uint8Array([0]))
      for (let import_ = 1; import_ <= 6; import_ += 1) {
        await store().setStartData('pr_few', `${import_}`, new Uint8Array([import_]))
      }
      expect((await store().startData('pr_few', '2'))?.[0]).toBe(2)
      expect((await store().startData('pr_few', '1'))?.[0]).toBe(6)
    })
  })
}
