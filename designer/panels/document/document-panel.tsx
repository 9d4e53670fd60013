/** The project as its file: edits here are edits of the project. */
export function DocumentPanel() {
  return null
}
