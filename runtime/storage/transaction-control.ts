/** SQL that begins or ends a transaction: a device's own transactions say what is captured and sent together (C2). */

const BLANK = /^(?:[\s;\uFEFF]+|--[^\n\r]*)/
const CONTROL =
  /^(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)(?![\w$])/i

/** Throws for such a statement, whatever comments stand before it. */
export function refuseTransactionControl(text: string): void {
  const [found] = CONTROL.exec(withoutComments(text)) ?? []
  if (found === undefined) return
  throw new Error(
    `A query of a device can't be ${found.toUpperCase().replace(/\s+/g, ' ')}: each is a transaction already. ` +
      'Use device.transaction(…) for what belongs together instead; throw inside of it to undo it.',
  )
}

/** The text from its first word on, with a blank for each comment before its second. */
function withoutComments(text: string): string {
  const start = skip(text)
  const [word = ''] = /^\w*/.exec(start) ?? []
  return `${word} ${skip(start.slice(word.length))}`
}

/** Comments of PostgreSQL lie within each other. */
function skip(text: string): string {
  let rest = text
  for (;;) {
    const [blank] = BLANK.exec(rest) ?? []
    if (blank !== undefined) rest = rest.slice(blank.length)
    else if (rest.startsWith('/*')) rest = rest.slice(commentLength(rest))
    else return rest
  }
}

function commentLength(text: string): number {
  let depth = 0
  for (const { 0: mark, index } of text.matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1
    if (depth === 0) return index + 2
  }
  return text.length
}
