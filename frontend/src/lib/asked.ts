import type { MarkdownIt, StateInline } from 'markdown-it'

/**
 * What a card asks for stands between these two in Markdown that sides.ts makes.
 * The second sign of each is for private use, which no text needs; the first one
 * makes the Markdown parser stop and look.
 */
export const askedFrom = '{\uE000'
export const askedTo = '}\uE001'
const signs = /\{\uE000|\}\uE001/g

export const withoutSigns = (text: string) => text.replace(signs, '')

/** Makes what is asked bold. Within code or a formula, or over several blocks, the signs just go: there Markdown has no bold. */
export function askedRules(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'asked', (state, silent) => {
    const { src, pos } = state
    if (!src.startsWith(askedFrom, pos)) return skip(state, askedTo)
    const end = src.indexOf(askedTo, pos)
    if (end < 0 || end >= state.posMax) return skip(state, askedFrom)
    if (!silent) inside(state, pos + askedFrom.length, end)
    state.pos = end + askedTo.length
    return true
  })
  const normalize = md.normalizeLink
  md.normalizeLink = (address) => normalize(withoutSigns(address))
  md.core.ruler.push('asked', (state) => {
    for (const token of state.tokens) {
      token.content = withoutSigns(token.content)
      token.info = withoutSigns(token.info)
      for (const child of token.children ?? []) child.content = withoutSigns(child.content)
    }
  })
}

function skip(state: StateInline, sign: string): boolean {
  if (!state.src.startsWith(sign, state.pos)) return false
  state.pos += sign.length
  return true
}

function inside(state: StateInline, from: number, to: number) {
  const { posMax } = state
  state.push('strong_open', 'strong', 1)
  state.pos = from
  state.posMax = to
  state.md.inline.tokenize(state)
  state.posMax = posMax
  state.push('strong_close', 'strong', -1)
}
