import { onScopeDispose, reactive } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiError, isApiError } from '@/api/error'
import { newKey } from '@/api/http'
import { addMedia } from '@/api/media'
import { keepSize } from '@/lib/figure'
import { faultOf, limits, placeholder, withoutStale, wordsOf } from '@/lib/media'
import { replaceRange, swapRange } from '@/lib/textarea'
import { useErrorText } from './useErrorText'

/** A file on its way into a field; with `error` it did not arrive. */
export interface Upload {
  id: string
  field: string
  name: string
  /** From 0 to 1. */
  share: number
  error: string
  mayRetry: boolean
}

/** How many files are sent at the same time: the server takes no more of one person. */
const atOnce = 2

/**
 * Pictures and sounds for the fields of a form. While a file is on its way, a
 * placeholder stands in the text, and whoever writes on is not disturbed when
 * the file takes its place.
 */
export function useMedia<F extends string>(values: Record<F, string>, settled: () => void = () => {}) {
  const { t } = useI18n()
  const errorText = useErrorText()
  const uploads = reactive<Upload[]>([])
  const files = new Map<string, { file: File; mark: string; words: string; abort: AbortController }>()
  const boxes = new Map<HTMLTextAreaElement, F>()
  /** Boxes in which a character is being put together, as Chinese ones are: that must not be disturbed. */
  const composing = new Set<HTMLTextAreaElement>()
  const waiting: (() => Promise<void>)[] = []
  let running = 0

  /** Begins to know the box of a field, which comes and goes; answers with how to forget it. */
  function attach(box: HTMLTextAreaElement, field: F): () => void {
    boxes.set(box, field)
    box.addEventListener('compositionstart', () => composing.add(box))
    box.addEventListener('compositionend', () => composing.delete(box))
    const now = withoutStale(values[field], (id) => files.has(id))
    if (now !== values[field]) values[field] = now // of a page that is no more
    return () => {
      boxes.delete(box)
      composing.delete(box)
    }
  }

  /** Puts files where the caret is. */
  function add(list: Iterable<File>, field: F) {
    const marks: string[] = []
    for (const file of list) {
      const { id, fault } = { id: newKey().slice(0, 12), fault: faultOf(file) }
      const unnamed = /^image\.(png|jpe?g|gif|webp)$/.test(file.name) // as browsers call what was copied
      const sort = t(file.type.startsWith('image/') ? 'notes.media.picture' : 'notes.media.sound')
      const words = (unnamed ? '' : wordsOf(file.name)) || sort
      uploads.push({ id, field, name: unnamed ? sort : file.name, share: 0, error: fault ? t(`notes.media.${fault}`, limits) : '', mayRetry: false })
      if (fault) continue
      const mark = placeholder(id, t('notes.media.placeholder', { name: words.replace(/…$/, '') }))
      files.set(id, { file, mark, words, abort: new AbortController() })
      marks.push(mark)
      waiting.push(() => send(id))
    }
    if (marks.length > 0) insert(marks.join('\n'), field)
    next()
  }

  function insert(text: string, field: F) {
    const box = [...boxes].find(([, of]) => of === field)?.[0]
    const before = box ? box.value.slice(0, box.selectionStart) : values[field]
    const apart = /[^\s([{:（「“"']$/.test(before) ? ` ${text}` : text
    if (box) replaceRange(box, box.selectionStart, box.selectionEnd, apart)
    else values[field] += apart
  }

  function next() {
    while (running < atOnce && waiting.length > 0) {
      running++
      void waiting.shift()!().finally(() => {
        running--
        next()
      })
    }
  }

  async function send(id: string) {
    const sent = files.get(id)
    const upload = uploads.find((one) => one.id === id)
    if (!sent || !upload) return // given up before its turn
    try {
      const media = await patiently(() => addMedia(sent.file, { signal: sent.abort.signal, progress: (share) => (upload.share = share) }), sent.abort.signal)
      if (media.width && media.height) keepSize(media.url, media.width, media.height)
      await swap(sent.mark, `![${sent.words}](${media.url})`)
      forget(id)
    } catch (error) {
      if (sent.abort.signal.aborted) return
      await swap(sent.mark, '')
      upload.share = 0
      upload.error = explain(error)
      upload.mayRetry = !isApiError(error, 'too_large', 'validation_failed', 'unsupported_media_type')
    } finally {
      settled()
    }
  }

  /** What is wrong, in words; the server's own are English. */
  function explain(error: unknown): string {
    const known: Record<string, string> = {
      too_large: 'tooLarge',
      validation_failed: 'broken',
      unsupported_media_type: 'unknown',
      limit_reached: 'full',
    }
    const key = error instanceof ApiError && known[error.code]
    return key ? t(`notes.media.${key}`, limits) : errorText(error)
  }

  /** Replaces the placeholder, in the box where it is, or in a field that nobody sees now. Who took it out wants nothing in its place. */
  async function swap(mark: string, text: string): Promise<void> {
    for (const box of boxes.keys()) {
      if (!box.value.includes(mark)) continue
      if (composing.has(box)) await new Promise((resolve) => box.addEventListener('compositionend', () => setTimeout(resolve), { once: true }))
      const at = box.value.indexOf(mark)
      if (at >= 0) return swapRange(box, at, at + mark.length, text)
    }
    for (const field of Object.keys(values) as F[]) {
      if (typeof values[field] === 'string' && values[field].includes(mark)) values[field] = values[field].replace(mark, () => text)
    }
  }

  function forget(id: string) {
    files.delete(id)
    const at = uploads.findIndex((one) => one.id === id)
    if (at >= 0) uploads.splice(at, 1)
  }

  /** Gives a file up that is on its way, or takes note of one that did not arrive. */
  function cancel(id: string) {
    const sent = files.get(id)
    sent?.abort.abort()
    forget(id)
    if (sent) void swap(sent.mark, '').then(settled)
  }

  /** Forgets those that did not arrive: the text they were for is gone. */
  function tidy() {
    for (const { id } of uploads.filter(({ error }) => error)) forget(id)
  }

  function retry(id: string) {
    const sent = files.get(id)
    const upload = uploads.find((one) => one.id === id)
    if (!sent || !upload) return
    upload.error = ''
    insert(sent.mark, upload.field as F)
    waiting.push(() => send(id))
    next()
  }

  onScopeDispose(() => {
    for (const { abort } of files.values()) abort.abort()
  })

  return { uploads, attach, add, cancel, retry, tidy }
}

export type NoteMedia = ReturnType<typeof useMedia<'Front' | 'Back' | 'Text' | 'Extra'>>

/** Tries again when the server says when to. */
async function patiently<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call()
    } catch (error) {
      if (tries > 3 || signal.aborted || !(error instanceof ApiError) || !error.retryAfter || error.status === 507) throw error
      await new Promise((resolve) => setTimeout(resolve, error.retryAfter! * 1000))
    }
  }
}
