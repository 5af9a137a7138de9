import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, reactive, vModelText, withDirectives } from 'vue'
import { ApiError } from '@/api/error'
import * as api from '@/api/media'
import { i18n, setLocale, withWords } from '@/i18n'
import { useMedia } from './useMedia'

vi.mock('@/api/media')
enableAutoUnmount(afterEach)
beforeAll(async () => {
  await setLocale('en')
  await withWords(['notes'], async () => {})()
})

type Sent = { file: Blob; progress: (share: number) => void; signal: AbortSignal; arrive: (ending?: string) => void; fail: (error: unknown) => void }
let sent: Sent[]
const url = (ending: string) => `/api/v1/media/${'0'.repeat(64)}.${ending}`

beforeEach(() => {
  sent = []
  vi.mocked(api.addMedia).mockImplementation(
    (file, { progress, signal } = {}) =>
      new Promise((resolve, reject) => {
        signal!.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')))
        sent.push({
          file,
          progress: progress!,
          signal: signal!,
          arrive: (ending = 'png') => resolve({ hash: '0'.repeat(64), url: url(ending), type: 'x', size: 1 }),
          fail: reject,
        })
      }),
  )
})

/** Two fields, of which the second is in sight only if it is wanted. */
function open(front = '', withBack = false) {
  const values = reactive({ Front: front, Back: '' })
  let media!: ReturnType<typeof useMedia<'Front' | 'Back'>>
  const settled = vi.fn()
  const box = (field: 'Front' | 'Back') =>
    withDirectives(h('textarea', { class: field, 'onUpdate:modelValue': (text: string) => (values[field] = text), onVnodeMounted: ({ el }: { el: unknown }) => media.attach(el as HTMLTextAreaElement, field) }), [[vModelText, values[field]]])
  const page = mount(defineComponent({ setup: () => ((media = useMedia<'Front' | 'Back'>(values, settled)), () => h('div', [box('Front'), withBack ? box('Back') : null])) }), {
    attachTo: document.body,
    global: { plugins: [i18n] },
  })
  const area = (field: 'Front' | 'Back' = 'Front') => page.get(`.${field}`).element as HTMLTextAreaElement
  return { values, media, settled, page, area }
}
const file = (name: string, type = 'image/png', size = 3) => new File([new Uint8Array(size)], name, { type })
const mark = (words: string) => expect.stringMatching(new RegExp(`^!\\[Uploading ${words} …\\]\\(#uploading-[0-9a-f]{12}\\)$`))

describe('files for a field', () => {
  it('take the place of their placeholder, while somebody writes on', async () => {
    const { values, media, area, settled } = open('before after')
    area().setSelectionRange(7, 7)
    media.add([file('cat (1).png')], 'Front')
    await flushPromises()
    expect(values.Front.slice(7, -5)).toEqual(mark('cat 1'))
    expect(media.uploads).toMatchObject([{ name: 'cat (1).png', share: 0, error: '' }])
    sent[0]!.progress(0.5)
    expect(media.uploads[0]!.share).toBe(0.5)

    values.Front = `new ${values.Front}!`
    await flushPromises()
    area().setSelectionRange(values.Front.length - 2, values.Front.length)
    sent[0]!.arrive()
    await flushPromises()
    expect(values.Front).toBe(`new before ![cat 1](${url('png')})after!`)
    expect(area().value).toBe(values.Front)
    expect([area().selectionStart, area().selectionEnd]).toEqual([values.Front.length - 2, values.Front.length])
    expect(media.uploads).toEqual([])
    expect(settled).toHaveBeenCalledOnce()
  })

  it('stand apart from the word before them, but not from the sign that opens something', () => {
    for (const [before, apart] of [['word', true], ['word ', false], ['', false], ['{{c1::', false], ['(', false], ['![a](b)', true]] as const) {
      const { values, media } = open(before)
      media.add([file('a.png')], 'Front')
      expect(values.Front.startsWith(`${before}${apart ? ' ' : ''}![`), before).toBe(true)
    }
  })

  it('are sent two at a time, and each comes to its own place', async () => {
    const { values, media } = open()
    media.add([file('a.png'), file('b.mp3', 'audio/mpeg'), file('c.png')], 'Front')
    await flushPromises()
    expect(sent).toHaveLength(2)
    sent[1]!.arrive('mp3')
    await flushPromises()
    expect(sent).toHaveLength(3)
    sent[2]!.arrive()
    sent[0]!.arrive()
    await flushPromises()
    expect(values.Front).toBe(`![a](${url('png')})\n![b](${url('mp3')})\n![c](${url('png')})`)
  })

  it('follow their placeholder into another field, in sight or not', async () => {
    const { values, media } = open('', true)
    media.add([file('a.png'), file('b.png')], 'Front')
    const [a, b] = values.Front.split('\n') as [string, string]
    values.Back = `so: ${a}`
    values.Front = ''
    await flushPromises()
    sent[0]!.arrive()
    await flushPromises()
    expect(values).toEqual({ Front: '', Back: `so: ![a](${url('png')})` })
    // A placeholder that somebody took out is a file that nobody wants.
    expect(b).toEqual(mark('b'))
    sent[1]!.arrive()
    await flushPromises()
    expect(values).toEqual({ Front: '', Back: `so: ![a](${url('png')})` })
  })

  it('wait until a character is put together', async () => {
    const { values, media, area } = open()
    media.add([file('a.png')], 'Front')
    area().dispatchEvent(new Event('compositionstart'))
    sent[0]!.arrive()
    await flushPromises()
    expect(values.Front).toEqual(mark('a'))
    area().dispatchEvent(new Event('compositionend'))
    await vi.waitFor(() => expect(values.Front).toBe(`![a](${url('png')})`))
  })

  it('that are wrong are not sent, and say why', () => {
    const { values, media } = open('text')
    media.add([file('a.svg', 'image/svg+xml'), file('b.png', 'image/png', 0), file('c.png', 'image/png', 10 * 2 ** 20 + 1)], 'Front')
    expect(values.Front).toBe('text')
    expect(sent).toEqual([])
    expect(media.uploads.map(({ name, error }) => [name, error.split(':')[0]])).toEqual([
      ['a.svg', "can't be added"],
      ['b.png', 'is empty.'],
      ['c.png', 'is too large'],
    ])
    media.add([file('d.png')], 'Front')
    media.tidy()
    expect(media.uploads.map(({ name }) => name)).toEqual(['d.png'])
  })

  it.each([
    [new ApiError({ status: 422, code: 'validation_failed' }), 'is damaged', false],
    [new ApiError({ status: 409, code: 'limit_reached' }), 'has no room', true],
    [new ApiError({ status: 0, code: 'network' }), "The server can't be reached", true],
    [new Error('whatever'), 'Something went wrong', true],
  ])('that did not arrive leave nothing, and may be sent again: %s', async (error, says, mayRetry) => {
    const { values, media } = open('text ')
    media.add([file('a.png')], 'Front')
    sent[0]!.fail(error)
    await flushPromises()
    expect(values.Front).toBe('text ')
    expect(media.uploads).toMatchObject([{ mayRetry, error: expect.stringContaining(says) }])
    if (!mayRetry) return
    media.retry(media.uploads[0]!.id)
    sent[1]!.arrive()
    await flushPromises()
    expect(values.Front).toContain(`![a](${url('png')})`)
    expect(media.uploads).toEqual([])
  })

  it('can be given up, and are when the page goes', async () => {
    const { values, media, page } = open()
    media.add([file('a.png'), file('b.png'), file('c.png')], 'Front')
    media.cancel(media.uploads[2]!.id) // before its turn
    media.cancel(media.uploads[0]!.id)
    await flushPromises()
    expect(sent.map(({ signal }) => signal.aborted)).toEqual([true, false])
    expect(values.Front.trim()).toEqual(mark('b'))
    expect(media.uploads).toHaveLength(1)
    page.unmount()
    expect(sent[1]!.signal.aborted).toBe(true)
  })

  it('of a page that is no more leave no placeholder in a draft', () => {
    const { values } = open('a ![Uploading x …](#uploading-0123456789ab) b')
    expect(values.Front).toBe('a  b')
  })

  it('called image.png were copied and have no name', async () => {
    const { values, media } = open()
    media.add([file('image.png')], 'Front')
    sent[0]!.arrive()
    await flushPromises()
    expect(values.Front).toBe(`![Picture](${url('png')})`)
  })
})
