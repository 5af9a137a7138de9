import { PiniaColada } from '@pinia/colada'
import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { ApiError } from '@/api/error'
import * as api from '@/api/note'
import type { Note } from '@/api/note'
import { i18n, setLocale } from '@/i18n'
import { useNoteForm, valuesOf } from './useNoteForm'

vi.mock('@/api/note')

const note: Note = { id: 3, deck_id: 1, type: 'basic', fields: { Front: 'a', Back: 'b' }, tags: ['x'], created_at: '', updated_at: '' }

function open(more: Partial<Parameters<typeof useNoteForm>[0]> = {}) {
  let form!: ReturnType<typeof useNoteForm>
  mount(defineComponent({ setup: () => ((form = useNoteForm({ deck: 1, ...more })), () => h('div')) }), { global: { plugins: [createPinia(), PiniaColada, i18n] } })
  return form
}

async function wrongFields(values: object) {
  const form = open()
  Object.assign(form.values, values)
  await form.submit()
  return Object.keys(form.errors)
}

beforeAll(() => setLocale('en'))
beforeEach(() => {
  vi.clearAllMocks()
  vi.mocked(api.createNote).mockResolvedValue({ note, cards: [] })
  vi.mocked(api.updateNote).mockResolvedValue({ note, cards: [] })
})

describe('a note form', () => {
  it('waits for files that are on their way', async () => {
    expect(await wrongFields({ Front: 'a', Back: 'b ![Uploading cat …](#uploading-0a)' })).toEqual(['Back'])
    expect(await wrongFields({ Front: 'a', Text: '![Uploading cat …](#uploading-0a)' })).toEqual([]) // a field of another type
    expect(api.createNote).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['basic', { Front: ' ' }, ['Front']],
    ['basic', { Front: 'a' }, []],
    ['reversed', { Front: 'a' }, ['Back']],
    ['cloze', { Text: '' }, ['Text']],
    ['cloze', { Text: 'no gap' }, ['Text']],
    ['cloze', { Text: '{{c0::a}}' }, ['Text']],
    ['cloze', { Text: '{{c101::a}}' }, ['Text']],
    ['cloze', { Text: '{{c100::a}}' }, []],
  ] as const)('%s %j: wrong are %j', async (type, values, wrong) => {
    expect(await wrongFields({ type, ...values })).toEqual([...wrong])
    expect(api.createNote).toHaveBeenCalledTimes(wrong.length === 0 ? 1 : 0)
  })

  it('counts as the server does', async () => {
    expect(await wrongFields({ Front: '😀'.repeat(20_000) })).toEqual([])
    expect(await wrongFields({ Front: '😀'.repeat(20_001) })).toEqual(['Front'])
    expect(await wrongFields({ Front: 'a', tags: ['中'.repeat(60)] })).toEqual([])
    expect(await wrongFields({ Front: 'a', tags: ['中'.repeat(61)] })).toEqual(['tags'])
    expect(await wrongFields({ Front: 'a', tags: Array.from({ length: 51 }, (_, i) => `t${i}`) })).toEqual(['tags'])
  })

  it('sends the fields of its type alone, and nothing of what was tried before', async () => {
    const form = open()
    Object.assign(form.values, { type: 'cloze', Front: 'left over', Text: '{{c1::a}}', tags: ['x'] })
    await form.submit()
    expect(vi.mocked(api.createNote).mock.calls[0]?.slice(0, 2)).toEqual([1, { type: 'cloze', fields: { Text: '{{c1::a}}', Extra: '' }, tags: ['x'] }])
  })

  it('keeps its key over a failure, and what was written with it', async () => {
    vi.mocked(api.createNote).mockRejectedValueOnce(new ApiError({ status: 0, code: 'network' }))
    const form = open()
    form.values.Front = 'hola'
    await form.submit()
    expect(form.failure.value).not.toBe('')
    expect(form.values.Front).toBe('hola')
    await form.submit()
    form.values.Front = 'adios'
    await form.submit()
    const keys = vi.mocked(api.createNote).mock.calls.map(([, , key]) => key)
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[0])
  })

  it('puts what the server says under the box it means', async () => {
    const fields = [
      { field: 'fields.Front', message: 'bad front' },
      { field: 'tags[2]', message: 'bad tag' },
    ]
    vi.mocked(api.createNote).mockRejectedValueOnce(new ApiError({ status: 422, code: 'validation_failed', fields }))
    const form = open()
    form.values.Front = 'hola'
    await form.submit()
    expect(form.errors).toEqual({ Front: 'Bad front.', tags: 'Bad tag.' })
    vi.mocked(api.createNote).mockRejectedValueOnce(new ApiError({ status: 422, code: 'validation_failed', fields: [{ field: 'fields', message: 'odd' }] }))
    await form.submit()
    expect(form.errors).toEqual({ Front: 'Odd.' })
  })

  it('changes the note that is there', async () => {
    const done = vi.fn()
    const form = open({ note: () => note, initial: valuesOf(note), done })
    expect(form.dirty.value).toBe(false)
    form.values.Back = 'c'
    expect(form.dirty.value).toBe(true)
    await form.submit()
    expect(api.updateNote).toHaveBeenCalledExactlyOnceWith(3, { fields: { Front: 'a', Back: 'c' }, tags: ['x'] })
    expect(done).toHaveBeenCalledExactlyOnceWith(note)
    expect(form.dirty.value).toBe(false)
  })
})
