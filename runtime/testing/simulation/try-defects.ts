import { DEFECTS } from './defects'
import { openTestGround } from './testing-ground'
import { SIM_PARTS } from './sim-bundle'
const only = process.argv[2]
const found: Record<string, string[]> = {}
for (const [part, bundle] of Object.entries(SIM_PARTS)) {
  if (only && only !== part) continue
  const ground = await openTestGround(bundle)
  for (const defect of DEFECTS.filter((d) => d.connections === 'one')) {
    for (let seed = 1; seed <= 25; seed++) {
      const r = await ground.run({ seed, steps: 20, defect }).catch((e) => ({ ok: false, problems: ['THROWN: ' + e.stack] }))
      if (!r.ok) { (found[defect.name] ??= []).push(`${part}#${seed} ${r.problems[0]?.slice(0, 90)}`); break }
    }
  }
  await ground.close()
}
for (const d of DEFECTS) console.log(found[d.name] ? 'found ' : 'MISSED', d.name, found[d.name] ?? '')
