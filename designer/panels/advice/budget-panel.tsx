/** What the team expects of its users, and what each local entity then costs. */
export function BudgetPanel() {
  return null
}
