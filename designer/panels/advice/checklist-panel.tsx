/** The offline sync checklist: what was found, with evidence, a fix, and what the team has accepted. */
export function ChecklistPanel() {
  return null
}
