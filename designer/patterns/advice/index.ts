/** What a design costs and which patterns suit it: pure formulas, told in docs/ADVICE.md. */
export * from './budget'
export type { Design } from './design'
export * from './estimate'
export { ASSUMED, CONNECTIONS, type Connection } from './figures'
export * from './recommend'
export { entitiesRead } from './share'
export { type AttributeSize, attributeSize, sizeOf } from './sizes'
export * from './words'
