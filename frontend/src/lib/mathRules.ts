import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it'

/**
 * `$x$` and `\(x\)` become `<span class="math" data-tex="x">`; `$$x$$` and
 * `\[x\]` the same with class `display`, for math.ts to fill. A dollar that is
 * money stays one: `$5 and $6`.
 */
export function mathRules(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'math', inline)
  md.block.ruler.before('fence', 'math', block, { alt: ['paragraph', 'reference', 'blockquote', 'list'] })
  md.renderer.rules.math = (tokens, i) => {
    const { content, meta } = tokens[i]!
    const tex = md.utils.escapeHtml(content)
    return `<span class="math${meta?.display ? ' display' : ''}" data-tex="${tex}">${tex}</span>`
  }
}

const inlinePairs: [open: string, close: string, display: boolean][] = [
  ['$$', '$$', true],
  ['$', '$', false],
  ['\\(', '\\)', false],
  ['\\[', '\\]', true],
]

function inline(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state
  for (const [open, close, display] of inlinePairs) {
    if (!src.startsWith(open, pos)) continue
    const from = pos + open.length
    const to = end(src, from, close)
    if (to < 0 || to + close.length > posMax || src.slice(from, to).trim() === '') continue
    if (open === '$' && isMoney(src, from, to)) continue
    if (!silent) {
      const token = state.push('math', '', 0)
      token.content = src.slice(from, to).trim()
      token.meta = { display }
    }
    state.pos = to + close.length
    return true
  }
  return false
}

/** Where the closing sign stands; one behind a backslash is no end. */
function end(src: string, from: number, close: string): number {
  for (let at = src.indexOf(close, from); at >= 0; at = src.indexOf(close, at + 1)) {
    let slashes = 0
    while (src[at - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return at
  }
  return -1
}

const isMoney = (src: string, from: number, to: number) =>
  /\s/.test(src[from] ?? ' ') || /\s/.test(src[to - 1] ?? ' ') || /\d/.test(src[to + 1] ?? '')

const blockPairs: [open: string, close: string][] = [
  ['$$', '$$'],
  ['\\[', '\\]'],
]

function block(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (state.sCount[startLine]! - state.blkIndent >= 4) return false
  const lineAt = (line: number) => state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]!).trimEnd()
  const pair = blockPairs.find(([open]) => lineAt(startLine).startsWith(open))
  if (!pair) return false
  const [open, close] = pair
  const lines: string[] = []
  // An empty line ends the search: TeX allows none, and a lost opening sign must not swallow the card.
  for (let line = startLine; line < endLine && lineAt(line) !== '' && state.sCount[line]! >= state.blkIndent; line++) {
    const text = line === startLine ? lineAt(line).slice(open.length) : lineAt(line)
    const at = text.indexOf(close)
    lines.push(at < 0 ? text : text.slice(0, at))
    if (at < 0) continue
    const content = lines.join('\n').trim()
    if (content === '' || at + close.length < text.length) return false
    if (silent) return true
    state.push('paragraph_open', 'p', 1)
    const token = state.push('math', '', 0)
    token.content = content
    token.meta = { display: true }
    state.push('paragraph_close', 'p', -1)
    state.line = line + 1
    return true
  }
  return false
}
