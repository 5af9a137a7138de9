/** A piece of a cloze text: plain text (number 0), or a cloze with the parts that it hides. */
export interface ClozePart {
  number: number
  text: string
  hint: string
  parts: ClozePart[]
}

/** A cloze whose end has not been found yet; the first frame is the text itself. */
interface Frame {
  part: ClozePart
  /** Where "{{c1::" stands, where it ends, and where the text begins that is in no part yet. */
  start: number
  body: number
  from: number
  /** "{" in it that wait for their "}". */
  braces: number
  /** Where "::" stands; -1 without. */
  hint: number
}

/** Deeper clozes are plain text. */
const maxDepth = 8
export const maxCloze = 100

const text = (value: string): ClozePart => ({ number: 0, text: value, hint: '', parts: [] })

/**
 * Finds {{c1::answer}} and {{c1::answer::hint}}, also within each other, exactly
 * as the server does (models/cloze.go; both are tried on the same cases). Braces
 * in an answer, as in \frac{a}{b}, count in pairs, so that they may stand right
 * before the end. What is never closed, or hides nothing, is plain text.
 */
export function parseCloze(src: string): ClozePart[] {
  const frame = (number: number, start: number, body: number): Frame => ({
    part: { number, text: '', hint: '', parts: [] }, start, body, from: body, braces: 0, hint: -1,
  }) // prettier-ignore
  const frames: Frame[] = [frame(0, 0, 0)]
  const top = () => frames[frames.length - 1]!

  function flush(to: number) {
    const f = top()
    if (f.from < to) f.part.parts.push(text(src.slice(f.from, to)))
    f.from = to
  }

  function open(at: number): number {
    const opener = readOpener(src, at)
    if (!opener || frames.length > maxDepth) {
      top().braces++
      return at + 1
    }
    // A hint has no cloze in it, so what looked like one is not.
    top().hint = -1
    flush(at)
    frames.push(frame(opener.number, at, opener.end))
    return opener.end
  }

  /** A run of "}" first closes the braces of the answer; two more close the cloze. One too few is a brace that was left open, as in a smiley. */
  function close(at: number): number {
    let run = 1
    while (src[at + run] === '}') run++
    const f = top()
    if (frames.length === 1) return at + run
    if (run <= f.braces) f.braces -= run
    else if (run >= f.braces + 2) return end(at + f.braces)
    else if (run >= 2) return end(at + run - 2)
    return at + run
  }

  /** Closes the innermost cloze, whose "}}" stands here. */
  function end(at: number): number {
    const f = top()
    if (f.hint >= 0) f.part.hint = src.slice(f.hint + 2, at).split(/\s+/).filter(Boolean).join(' ')
    else flush(at)
    const after = at + 2
    const part = clozeText(f.part.parts).trim() === '' ? text(src.slice(f.start, after)) : f.part
    frames.pop()
    top().part.parts.push(part)
    top().from = after
    return after
  }

  function hint(at: number): number {
    const f = top()
    if (frames.length === 1 || f.braces > 0 || f.hint >= 0 || src[at + 1] !== ':') return at + 1
    flush(at)
    f.hint = at
    return at + 2
  }

  /** Makes plain text of the innermost cloze, which was never closed; those in it stay. */
  function giveUp() {
    flush(src.length)
    const f = frames.pop()!
    top().part.parts.push(text(src.slice(f.start, f.body)), ...f.part.parts)
    top().from = src.length
  }

  for (let i = 0; i < src.length; ) {
    const sign = src[i]
    if (sign === '{') i = open(i)
    else if (sign === '}') i = close(i)
    else if (sign === ':') i = hint(i)
    else i++
  }
  while (frames.length > 1) giveUp()
  flush(src.length)
  return top().part.parts
}

function readOpener(src: string, at: number): { number: number; end: number } | null {
  const opener = /\{\{c([0-9]+)::/y
  opener.lastIndex = at
  const found = opener.exec(src)
  return found && { number: Math.min(Number(found[1]), 10 * maxCloze), end: opener.lastIndex }
}

/** The text with all its answers in place. */
export const clozeText = (parts: ClozePart[]): string => parts.map((part) => part.text + clozeText(part.parts)).join('')

/** The numbers in a text, each once, in order. */
export function clozeNumbers(parts: ClozePart[]): number[] {
  const numbers = new Set<number>()
  const collect = (some: ClozePart[]) => {
    for (const part of some) {
      if (part.number !== 0 || part.parts.length > 0) numbers.add(part.number)
      collect(part.parts)
    }
  }
  collect(parts)
  return [...numbers].sort((a, b) => a - b)
}

/**
 * Puts a cloze around what is selected, or an empty one at the caret. `same`
 * repeats the highest number instead of taking the next, so that two gaps are
 * asked together.
 */
export function wrapCloze(value: string, from: number, to: number, same = false): { value: string; from: number; to: number } {
  const highest = Math.max(0, ...clozeNumbers(parseCloze(value)))
  const number = Math.min(maxCloze, same ? Math.max(1, highest) : highest + 1)
  const opener = `{{c${number}::`
  const selected = value.slice(from, to)
  // Spaces at the ends of a double click stay outside.
  const answer = selected.trim()
  const lead = answer ? selected.slice(0, selected.indexOf(answer)) : ''
  const tail = answer ? selected.slice(lead.length + answer.length) : ''
  const start = from + lead.length
  const wrapped = `${value.slice(0, from)}${lead}${opener}${answer}}}${tail}${value.slice(to)}`
  // With an answer the caret goes behind it all, without one between the signs.
  const caret = start + opener.length + answer.length + (answer ? 2 : 0)
  return { value: wrapped, from: caret, to: caret }
}
