/** Takes contents of files from devices, and gives them those of rows that they may see. */
import type { FileRequest, GetAnswer, PutAnswer } from '../../protocol/file-messages'
import type { FileContext } from './file-context'
import { putParts } from './put-parts'
import { readPart } from './read-part'

export async function answerFile(context: FileContext, { file }: FileRequest): Promise<PutAnswer | GetAnswer> {
  switch (file.kind) {
    case 'put':
      return { have: await putParts(context, file.parts), max: context.maxFileBytes }
    case 'get':
      return { part: await readPart(context, file) }
  }
}
