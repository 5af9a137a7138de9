import type { NoteFields, NoteType } from '@/api/note'
import { askedFrom, askedTo, withoutSigns } from './asked'
import { clozeNumbers, clozeText, parseCloze, type ClozePart } from './cloze'
import { plain } from './text'

export interface Sides {
  ord: number
  question: string
  answer: string
}

/** The fields of each type, the one that must not be blank first. */
export const fieldNames = {
  basic: ['Front', 'Back'],
  reversed: ['Front', 'Back'],
  cloze: ['Text', 'Extra'],
} as const satisfies Record<NoteType, readonly (keyof NoteFields)[]>

/** The cards that a note makes, as they will be asked: Markdown for CardContent. */
export function sidesOf(type: NoteType, fields: NoteFields): Sides[] {
  const front = fields.Front ?? ''
  const back = fields.Back ?? ''
  if (type === 'basic') return [{ ord: 0, question: front, answer: back }]
  if (type === 'reversed') {
    return [
      { ord: 0, question: front, answer: back },
      { ord: 1, question: back, answer: front },
    ]
  }
  const parts = parseCloze(withoutSigns(fields.Text ?? ''))
  const extra = fields.Extra?.trim() ? `\n\n${fields.Extra}` : ''
  return clozeNumbers(parts).map((number) => ({
    ord: number - 1,
    question: clozeSide(parts, number, false),
    answer: clozeSide(parts, number, true).trimEnd() + extra,
  }))
}

/** The text with the clozes of one number as blanks or as answers, and all others as plain text. */
function clozeSide(parts: ClozePart[], asked: number, answered: boolean): string {
  return parts
    .map((part) => {
      if (part.number === 0 && part.parts.length === 0) return part.text
      if (part.number !== asked) return clozeSide(part.parts, asked, answered)
      return askedFrom + (answered ? clozeText(part.parts) : part.hint ? `[${part.hint}]` : '[…]') + askedTo
    })
    .join('')
}

/** A cloze text whole, with every answer marked: for lists. */
export function clozeMarked(text: string): string {
  const mark = (parts: ClozePart[], depth: number): string =>
    parts
      .map((part) => {
        if (part.number === 0 && part.parts.length === 0) return part.text
        const inner = mark(part.parts, depth + 1)
        return depth === 0 ? askedFrom + inner + askedTo : inner
      })
      .join('')
  return mark(parseCloze(withoutSigns(text)), 0)
}

/** The few words by which a person knows a note. */
export const nameOf = ({ type, fields }: { type: NoteType; fields: NoteFields }, most = 40): string =>
  plain(type === 'cloze' ? clozeText(parseCloze(fields.Text ?? '')) : (fields.Front ?? ''), most)
