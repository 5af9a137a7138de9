import * as v from 'valibot'
import { useI18n } from 'vue-i18n'
import { createNote, updateNote, type Note, type NoteFields, type NoteInput, type NoteType } from '@/api/note'
import { hasPlaceholder } from '@/lib/media'
import { clozeNumbers, maxCloze, parseCloze } from '@/lib/cloze'
import { fieldNames } from '@/lib/sides'
import { length } from '@/lib/text'
import { useDeckStore } from '@/stores/deck'
import { useForm } from './useForm'
import { useMedia } from './useMedia'

export interface NoteValues extends Record<'Front' | 'Back' | 'Text' | 'Extra', string> {
  type: NoteType
  tags: string[]
}

export const emptyNote = (): NoteValues => ({ type: 'basic', Front: '', Back: '', Text: '', Extra: '', tags: [] })
export const valuesOf = (note: Note): NoteValues => ({ ...emptyNote(), type: note.type, tags: [...note.tags], ...note.fields })

/** The fields that the type has, and none of another type that was tried before. */
export const fieldsOf = (values: NoteValues): NoteFields => Object.fromEntries(fieldNames[values.type].map((name) => [name, values[name]]))

export const inputOf = (values: NoteValues): NoteInput => ({ type: values.type, fields: fieldsOf(values), tags: values.tags })
export const valuesOfInput = ({ type, fields, tags = [] }: NoteInput): NoteValues => ({ ...emptyNote(), type, tags: [...tags], ...fields })

const limits = { field: 20_000, tags: 50, tag: 60 }

/** The form of a note: a new one of a deck, or the one that `note` gives at the moment of saving. */
export function useNoteForm(options: {
  deck: number
  note?: () => Note | undefined
  initial?: NoteValues
  done?: (note: Note) => unknown
}) {
  const { t } = useI18n()
  const store = useDeckStore()
  let type = (): NoteType => 'basic'
  const form = useForm({
    initial: options.initial ?? emptyNote(),
    schema: () => schema(type()),
    async send(values, key) {
      const note = options.note?.()
      if (!note) return add(inputOf(values), key)
      const saved = await updateNote(note.id, { fields: fieldsOf(values), tags: values.tags })
      store.noteChanged({ name: 'card.updated', message: saved })
      store.recount(options.deck)
      return saved.note
    },
    done: (note) => options.done?.(note),
    // "fields.Front", "tags[3]" → the box where it stands
    fieldName: (field) => /^(?:fields\.)?(Front|Back|Text|Extra|tags|type)/.exec(field)?.[1] ?? (field === 'fields' ? fieldNames[type()][0] : field),
  })
  type = () => form.values.type

  /** Makes a note, which the lists of this page show at once. */
  async function add(input: NoteInput, key: string): Promise<Note> {
    const saved = await createNote(options.deck, input, key)
    store.noteChanged({ name: 'card.created', message: saved })
    store.recount(options.deck)
    return saved.note
  }

  function schema(kind: NoteType) {
    const used = new Set<string>(fieldNames[kind])
    const text = (name: string, required: boolean) =>
      v.pipe(
        v.string(),
        v.check((value) => !used.has(name) || !required || value.trim() !== '', t('common.field.required')),
        v.check((value) => !used.has(name) || !hasPlaceholder(value), t('notes.media.wait')),
        v.check((value) => !used.has(name) || length(value) <= limits.field, t('common.field.tooLong', { n: limits.field }, limits.field)),
      )
    const isCloze = kind === 'cloze'
    const numbers = (value: string) => clozeNumbers(parseCloze(value))
    return v.object({
      type: v.picklist(['basic', 'reversed', 'cloze']),
      Front: text('Front', true),
      Back: text('Back', kind === 'reversed'),
      Text: v.pipe(
        text('Text', true),
        v.check((value) => !isCloze || value.trim() === '' || numbers(value).length > 0, t('notes.clozeMissing', { example: '{{c1::…}}' })),
        v.check((value) => !isCloze || numbers(value).every((n) => n >= 1 && n <= maxCloze), t('notes.clozeNumber', { most: maxCloze })),
      ),
      Extra: text('Extra', false),
      tags: v.pipe(
        v.array(v.string()),
        v.check((tags) => tags.length <= limits.tags, t('notes.tooManyTags', { n: limits.tags })),
        v.check((tags) => tags.every((tag) => length(tag) <= limits.tag), t('notes.tagTooLong', { n: limits.tag })),
      ),
    })
  }

  function clear() {
    form.failure.value = ''
    for (const field of Object.keys(form.errors)) delete form.errors[field]
  }

  /** Pictures and sounds for the fields. What had to wait for one may be tried again when it is there. */
  const media = useMedia<'Front' | 'Back' | 'Text' | 'Extra'>(form.values, () => {
    for (const [field, error] of Object.entries(form.errors)) if (error === t('notes.media.wait')) delete form.errors[field]
  })

  function reset(to?: NoteValues) {
    form.reset(to)
    media.tidy()
  }

  return { ...form, reset, clear, add, media }
}

export type NoteForm = ReturnType<typeof useNoteForm>
