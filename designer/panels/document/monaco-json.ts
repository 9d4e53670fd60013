/** What editing the project's text needs of Monaco beyond reading code: the JSON language with the project's schema. */
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/format/register'
import 'monaco-editor/features/gotoError/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/indentation/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/snippet/register'
// The package's `features/suggest/register` has only the inline kind of it.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController'
import { Uri } from 'monaco-editor/editor'
import { jsonDefaults } from 'monaco-editor/languages/features/json/register'
import { documentSchema } from './document-schema'

/** The document that is shown; there is one editor of it at a time. */
export const DOCUMENT_URI = Uri.parse('inmemory://syncline/project.syncline.json')

/** Gives the JSON language the project's schema; doing so again changes nothing. */
export function prepareJson(): void {
  if (jsonDefaults.diagnosticsOptions.schemas?.length) return
  jsonDefaults.setDiagnosticsOptions({
    validate: true,
    allowComments: false,
    enableSchemaRequest: false,
    schemaValidation: 'error',
    schemas: [{ uri: SCHEMA_URI, fileMatch: [DOCUMENT_URI.toString()], schema: documentSchema() }],
  })
}

const SCHEMA_URI = 'inmemory://syncline/project.schema.json'
