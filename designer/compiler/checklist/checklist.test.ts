import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { acceptFinding, createNamedIds, type Project, projectFromSchema, withdrawAcceptance } from '@/designer/model'
import { shopSchema } from '@/designer/model/testing/build-schema'
import { compile } from '../compile'
import { DIAGNOSTICS, targetKey } from '../diagnostics'
import { SAMPLES } from '../testing/sample-projects'
import { CHECKLIST, runChecklist } from './checklist'

function shop(rows: number): Project {
  const schema = shopSchema()
  for (const table of Object.values(schema.serverEntities)) table.rowEstimate = rows
  const made = projectFromSchema({ schema, name: 'Shop' })
  if (made.kind === 'refused') throw new Error(made.reason)
  return made.project
}

describe('the checklist', () => {
  it('has a rule for each of its codes, and each is in docs/ADVICE.md', () => {
    const codes = Object.keys(DIAGNOSTICS).filter((code) => code.startsWith('SL60'))
    expect(CHECKLIST.map(({ code }) => code).sort()).toEqual(codes)
    const doc = readFileSync('docs/ADVICE.md', 'utf8')
    for (const { code, asks } of CHECKLIST) expect(doc).toContain(`| ${code} | ${asks} |`)
  })

  it('finds nothing in a small project, and nothing that is only assumed', () => {
    expect(runChecklist(shop(200))).toEqual({ open: [], accepted: [] })
    for (const [name, make] of Object.entries(SAMPLES)) expect(runChecklist(make()).open, name).toEqual([])
  })

  it('names numbers in each finding', () => {
    const { open } = runChecklist(shop(400_000))
    expect(open.length).toBeGreaterThan(3)
    for (const { message } of open) expect(message).toMatch(/\d/)
  })

  it('keeps an accepted finding out of the problems until the acceptance is withdrawn', () => {
    const project = shop(200_000)
    const [finding] = runChecklist(project).open
    if (finding === undefined) throw new Error('Nothing was found.')
    const before = compile(project).diagnostics.length
    const subject = { code: finding.code, target: targetKey(finding.target) }
    const accepted = acceptFinding(project, subject, 'The devices are large.', createNamedIds())
    const compiled = compile(project)
    expect(compiled.diagnostics).toHaveLength(before - 1)
    expect(compiled.diagnostics).not.toContainEqual(finding)
    expect(compiled.accepted).toEqual([finding])
    if (accepted.kind === 'done') withdrawAcceptance(project, accepted.value)
    expect(compile(project).accepted).toEqual([])
    expect(compile(project).diagnostics).toHaveLength(before)
  })

  it('changes nothing of what is compiled', () => {
    const project = shop(200_000)
    const { files } = compile(project)
    for (const { code, target } of runChecklist(project).open) {
      acceptFinding(project, { code, target: targetKey(target) }, 'So be it.', createNamedIds())
    }
    expect(compile(project).files).toEqual(files)
  })

  it('does not throw on a project whose references all lead nowhere', () => {
    const project = { ...shop(1_000_000), serverEntities: {}, flows: {} }
    expect(runChecklist(project).open).toEqual([])
  })
})
