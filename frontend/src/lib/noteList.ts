import type { Note } from '@/api/note'
import { clozeText, parseCloze } from './cloze'

/**
 * The loaded part of a deck's notes, newest first. `next` is the cursor of what
 * follows; null when everything is here. All changes give a new list, and each
 * may come any number of times: from an answer, from the log, from both.
 */
export interface NoteList {
  items: Note[]
  next: string | null
}

/** Like the server's search: every word stands in some field or tag, in whatever case; `tag:word` is a whole tag. */
export function matches(note: Note, q: string): boolean {
  const text = note.type === 'cloze' ? clozeText(parseCloze(note.fields.Text ?? '')) : note.fields.Front
  const tags = note.tags.map(fold)
  const texts = [text, note.fields.Back, note.fields.Extra].map((field) => fold(field ?? '')).concat(tags)
  return fold(q)
    .split(/\s+/)
    .every((word) => (/^tag:./.test(word) ? tags.includes(word.slice(4)) : texts.some((inner) => inner.includes(word))))
}
const fold = (text: string) => text.normalize('NFKC').toLowerCase()

/** The note as it is now. One that belongs to pages not loaded yet stays out: it comes with its page. */
export function upsert(list: NoteList, note: Note): NoteList {
  const { items, next } = list
  const at = items.findIndex((item) => item.id === note.id)
  if (at >= 0) return isOlder(note, items[at]!) ? list : { items: items.with(at, note), next }
  const before = items.findIndex((item) => item.id < note.id)
  if (before < 0 && next !== null) return list
  return { items: items.toSpliced(before < 0 ? items.length : before, 0, note), next }
}

export function without(list: NoteList, id: number): NoteList {
  return list.items.some((item) => item.id === id) ? { ...list, items: list.items.filter((item) => item.id !== id) } : list
}

/** The next page behind what is there. A note that changed while it was on its way counts once, in its newer form. */
export function append(list: NoteList, page: NoteList): NoteList {
  const have = new Map(list.items.map((item) => [item.id, item]))
  const fresh = page.items.filter((item) => !have.has(item.id))
  const items = list.items.map((item) => page.items.find((other) => other.id === item.id && isOlder(item, other)) ?? item)
  return { items: [...items, ...fresh], next: page.next }
}

const isOlder = (a: Note, b: Note) => instant(a.updated_at) < instant(b.updated_at)

/** Comparable to the last digit: the server leaves out zeros at the end, and Date knows milliseconds alone. */
function instant(time: string): string {
  const [whole = '', fraction = ''] = time.replace('Z', '').split('.')
  return `${whole}.${fraction.padEnd(9, '0')}`
}
