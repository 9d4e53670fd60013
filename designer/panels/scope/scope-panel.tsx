/** The scope of the selected local entity, with the rows that each test user gets. */
export function ScopePanel() {
  return null
}
