/// <reference lib="webworker" />
import { compile } from '@/designer/compiler/compile'
import { sqlPieces } from '@/designer/compiler/sql-check/sql-pieces'
import type { CompileAnswer, CompileRequest } from './compile-messages'

self.onmessage = ({ data: { request, project } }: MessageEvent<CompileRequest>) => {
  self.postMessage(answer(request, project))
}

function answer(request: number, project: CompileRequest['project']): CompileAnswer {
  try {
    const { files, diagnostics, accepted } = compile(project)
    return { kind: 'compiled', request, files, diagnostics, accepted, sql: sqlPieces(project) }
  } catch (error) {
    return { kind: 'failed', request, message: error instanceof Error ? error.message : String(error) }
  }
}
