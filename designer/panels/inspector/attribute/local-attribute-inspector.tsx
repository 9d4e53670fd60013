/** One attribute of a local entity, with whatever can be set of it. */
export function LocalAttributeInspector(_: { readonly entity: string; readonly id: string }) {
  return null
}
