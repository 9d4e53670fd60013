// Loads this folder's TypeScript from any working directory, under the project's own tsconfig.
import { fileURLToPath } from 'node:url'
import { register, tsImport } from 'tsx/esm/api'

const tsconfig = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))

/**
 * For a program that goes on to run something else, which must not see the loader.
 * @param {string} path relative to this file
 */
export const loadTypeScript = (path) => tsImport(path, { parentURL: import.meta.url, tsconfig })

/**
 * For a program that is TypeScript through and through.
 * @param {string} path relative to this file
 */
export const runTypeScript = (path) => {
  register({ tsconfig })
  return import(new URL(path, import.meta.url).href)
}
