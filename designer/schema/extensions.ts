/** The extensions that PGlite can load. Whatever else a dump asks for is skipped, and its types replaced. */
import type { Extension } from '@electric-sql/pglite'

/** By the name that CREATE EXTENSION knows; each loads its module only when it is asked for. */
const LOADERS: { readonly [name: string]: () => Promise<Extension> } = {
  bloom: async () => (await import('@electric-sql/pglite/contrib/bloom')).bloom,
  btree_gin: async () => (await import('@electric-sql/pglite/contrib/btree_gin')).btree_gin,
  btree_gist: async () => (await import('@electric-sql/pglite/contrib/btree_gist')).btree_gist,
  citext: async () => (await import('@electric-sql/pglite/contrib/citext')).citext,
  cube: async () => (await import('@electric-sql/pglite/contrib/cube')).cube,
  dict_int: async () => (await import('@electric-sql/pglite/contrib/dict_int')).dict_int,
  dict_xsyn: async () => (await import('@electric-sql/pglite/contrib/dict_xsyn')).dict_xsyn,
  earthdistance: async () => (await import('@electric-sql/pglite/contrib/earthdistance')).earthdistance,
  fuzzystrmatch: async () => (await import('@electric-sql/pglite/contrib/fuzzystrmatch')).fuzzystrmatch,
  hstore: async () => (await import('@electric-sql/pglite/contrib/hstore')).hstore,
  intarray: async () => (await import('@electric-sql/pglite/contrib/intarray')).intarray,
  isn: async () => (await import('@electric-sql/pglite/contrib/isn')).isn,
  lo: async () => (await import('@electric-sql/pglite/contrib/lo')).lo,
  ltree: async () => (await import('@electric-sql/pglite/contrib/ltree')).ltree,
  moddatetime: async () => (await import('@electric-sql/pglite/contrib/moddatetime')).moddatetime,
  pg_trgm: async () => (await import('@electric-sql/pglite/contrib/pg_trgm')).pg_trgm,
  pgcrypto: async () => (await import('@electric-sql/pglite/contrib/pgcrypto')).pgcrypto,
  seg: async () => (await import('@electric-sql/pglite/contrib/seg')).seg,
  tablefunc: async () => (await import('@electric-sql/pglite/contrib/tablefunc')).tablefunc,
  tcn: async () => (await import('@electric-sql/pglite/contrib/tcn')).tcn,
  unaccent: async () => (await import('@electric-sql/pglite/contrib/unaccent')).unaccent,
  'uuid-ossp': async () => (await import('@electric-sql/pglite/contrib/uuid_ossp')).uuid_ossp,
  vector: async () => (await import('@electric-sql/pglite-pgvector')).vector,
}

/** What an extension needs to be there first. */
const NEEDS: { readonly [name: string]: readonly string[] } = { earthdistance: ['cube'] }

/** Types by the extension that brings them; what a model knows of an extension is only its types. */
const EXTENSION_BY_TYPE: { readonly [type: string]: string } = {
  vector: 'vector',
  halfvec: 'vector',
  sparsevec: 'vector',
  citext: 'citext',
  hstore: 'hstore',
  cube: 'cube',
  seg: 'seg',
  lo: 'lo',
  ltree: 'ltree',
  lquery: 'ltree',
  ltxtquery: 'ltree',
  ean13: 'isn',
  isbn13: 'isn',
  ismn13: 'isn',
  issn13: 'isn',
  isbn: 'isn',
  ismn: 'isn',
  issn: 'isn',
  upc: 'isn',
}

/** The extensions that bring the given types, and the schema that each is named with; types as `format_type` prints them. */
export function extensionsOfTypes(types: Iterable<string>): Map<string, string> {
  const schemaByExtension = new Map<string, string>()
  for (const type of types) {
    const [, schema = 'public', name = ''] = /^(?:(\w+)\.)?(\w+)(?:\(.*\))?(?:\[\])*$/.exec(type) ?? []
    const extension = Object.hasOwn(EXTENSION_BY_TYPE, name) ? EXTENSION_BY_TYPE[name] : undefined
    if (extension !== undefined && !schemaByExtension.has(extension)) schemaByExtension.set(extension, schema)
  }
  return schemaByExtension
}

/** The extension that a CREATE EXTENSION statement names, or null for any other statement. */
export function extensionNamedBy(statement: string): string | null {
  const [, quoted, plain] =
    /^create\s+extension\s+(?:if\s+not\s+exists\s+)?(?:"([^"]+)"|([\w-]+))/i.exec(statement) ?? []
  return quoted ?? plain?.toLowerCase() ?? null
}

/** Those of the named extensions that there are, with what they need, ready to be given to PGlite. */
export async function loadExtensions(names: Iterable<string>): Promise<{ [name: string]: Extension }> {
  const loaded: { [name: string]: Extension } = {}
  for (const wanted of names) {
    for (const name of [...(NEEDS[wanted] ?? []), wanted]) {
      const load = Object.hasOwn(LOADERS, name) ? LOADERS[name] : undefined
      if (load !== undefined) loaded[name] ??= await load()
    }
  }
  return loaded
}
