import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as api from '@/api/notification'
import { fakeLog, make } from '@/inbox/testing'
import { useNotifications } from './notification'
import { useRealtimeStore } from './realtime'

vi.mock('@/realtime/client', () => fakeLog.module)
vi.mock('@/api/notification')
vi.mock('@/api/event', () => ({ logHead: async () => ({ epoch: 'b', head: 0, unread: 0, unseen: 0 }), listEvents: vi.fn() }))

const page = (items: api.Notification[], head: number, more: Partial<{ next: string | null; unread: number; unseen: number }> = {}) =>
  ({ items, head, epoch: 'a', next: null, unread: items.length, unseen: items.length, ...more }) as never
const list = vi.mocked(api.listNotifications)
const post = vi.mocked(api.markNotifications)

let store: ReturnType<typeof useNotifications>
let realtime: ReturnType<typeof useRealtimeStore>
const ids = (filter: api.NotificationFilter) => store.list(filter).map((item) => item.id)

beforeEach(() => {
  setActivePinia(createPinia())
  vi.resetAllMocks()
  realtime = useRealtimeStore()
  store = useNotifications()
  realtime.start(1, { epoch: 'a', seq: 0, unread: 0, unseen: 0 })
})

/** A promise that is kept later. */
function later<T>() {
  let resolve!: (value: T) => void
  let reject!: (error: unknown) => void
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]))
  return { promise, resolve, reject }
}

describe('what the log says', () => {
  beforeEach(async () => {
    list.mockResolvedValue(page([make(2), make(1)], 2))
    await store.load('all')
  })

  it('adds new items at the top, each once', () => {
    fakeLog.created(make(3), 3)
    fakeLog.created(make(3), 3)
    expect(ids('all')).toEqual(['1-3', '1-2', '1-1'])
  })

  it('sorts by number, so that the tenth comes before the ninth', () => {
    fakeLog.created(make(9), 9)
    fakeLog.created(make(10), 10)
    expect(ids('all').slice(0, 2)).toEqual(['1-10', '1-9'])
  })

  it('updates in place', () => {
    fakeLog.say('notification.updated', 3, { notification: make(1, { title: 'Two' }) })
    expect(store.list('all').map((item) => item.title)).toEqual(['Item 2', 'Two'])
  })

  it('takes over the marks of other devices', () => {
    fakeLog.say('notification.marked', 3, { up_to: '1-2', read: true }, { unread: 0, unseen: 0 })
    fakeLog.say('notification.marked', 4, { ids: ['1-1'], archived: true }, { unread: 0, unseen: 0 })
    expect(ids('all')).toEqual(['1-2'])
    expect(store.items.get('1-2')).toMatchObject({ read_at: '2026-02-01T00:00:00Z', seen_at: '2026-02-01T00:00:00Z' })
    expect(realtime.counts).toEqual({ unread: 0, unseen: 0 })
  })

  it('does not touch newer items with a mark up to an older one', () => {
    fakeLog.created(make(3), 3)
    fakeLog.say('notification.marked', 4, { up_to: '1-2', read: true })
    expect(store.list('unread')).toEqual([])
    expect(store.items.get('1-3')!.read_at).toBeNull()
  })

  it('takes away what was recalled', () => {
    fakeLog.say('notification.recalled', 3, { ids: ['1-2'] }, { unread: 1, unseen: 1 })
    expect(ids('all')).toEqual(['1-1'])
  })

  it('is older than a page that came before it: the page wins', () => {
    fakeLog.say('notification.marked', 2, { up_to: '1-2', read: true })
    expect(store.items.get('1-2')!.read_at).toBeNull()
  })

  it('counts by the last word', () => {
    fakeLog.created(make(3), 3, { unread: 7, unseen: 5 })
    expect(realtime.counts).toEqual({ unread: 7, unseen: 5 })
  })
})

describe('a page that is on its way', () => {
  it('does not undo what the log said meanwhile', async () => {
    const answer = later<never>()
    list.mockReturnValueOnce(answer.promise)
    const loading = store.load('all')
    fakeLog.created(make(3), 3, { unread: 3, unseen: 3 })
    fakeLog.say('notification.marked', 4, { ids: ['1-1'], read: true }, { unread: 2, unseen: 2 })
    fakeLog.say('notification.recalled', 5, { ids: ['1-2'] }, { unread: 1, unseen: 1 })
    answer.resolve(page([make(2), make(1)], 2))
    await loading
    expect(ids('all')).toEqual(['1-3', '1-1'])
    expect(store.items.get('1-1')!.read_at).not.toBeNull()
    expect(realtime.counts).toEqual({ unread: 1, unseen: 1 })
  })

  it('of before a reset is thrown away, and the list loaded again', async () => {
    const answer = later<never>()
    list.mockReturnValueOnce(answer.promise).mockResolvedValueOnce(page([make(1, { title: 'restored' })], 1))
    const loading = store.load('all')
    fakeLog.options!.onReset()
    answer.resolve(page([make(9)], 9))
    await loading
    await vi.waitFor(() => expect(store.lists.all.loaded).toBe(true))
    expect(store.list('all').map((item) => item.title)).toEqual(['restored'])
    expect(list).toHaveBeenCalledTimes(2)
  })

  it('is asked for once', async () => {
    list.mockResolvedValue(page([], 0))
    await Promise.all([store.load('all'), store.load('all')])
    await store.load('all')
    expect(list).toHaveBeenCalledTimes(1)
  })

  it('leaves its error in the list, and can be tried again', async () => {
    list.mockRejectedValueOnce(new Error('away')).mockResolvedValueOnce(page([make(1)], 1))
    await store.load('all')
    expect(store.lists.all).toMatchObject({ loaded: false, loading: false })
    expect(store.lists.all.error).toBeInstanceOf(Error)
    await store.more('all')
    expect(store.lists.all).toMatchObject({ loaded: true, error: null })
  })
})

describe('pages', () => {
  it('go on from the last one, and show nothing below it that another list has loaded', async () => {
    list.mockResolvedValueOnce(page([make(9), make(8)], 9, { next: '1-8' }))
    await store.load('all')
    list.mockResolvedValueOnce(page([make(9), make(3)], 9))
    await store.load('unread')
    expect(ids('all')).toEqual(['1-9', '1-8'])
    list.mockResolvedValueOnce(page([make(7), make(3)], 9))
    await store.more('all')
    expect(list).toHaveBeenLastCalledWith('all', '1-8')
    expect(ids('all')).toEqual(['1-9', '1-8', '1-7', '1-3'])
  })

  it('keep in the list of unread what was read in it', async () => {
    list.mockResolvedValue(page([make(2), make(1)], 2))
    await store.load('unread')
    fakeLog.say('notification.marked', 3, { ids: ['1-2'], read: true })
    expect(ids('unread')).toEqual(['1-1'])
    expect(store.list('unread', new Set(['1-2', '1-1'])).map((item) => item.id)).toEqual(['1-2', '1-1'])
    fakeLog.say('notification.marked', 4, { ids: ['1-2'], archived: true })
    expect(store.list('unread', new Set(['1-2'])).map((item) => item.id)).toEqual(['1-1'])
  })
})

describe('marking', () => {
  beforeEach(async () => {
    list.mockResolvedValue(page([make(2), make(1)], 2, { unread: 2, unseen: 2 }))
    await store.load('all')
  })

  it('shows at once, and takes the counts of the answer', async () => {
    const answer = later<never>()
    post.mockReturnValueOnce(answer.promise)
    const marking = store.mark({ ids: ['1-2'], read: true })
    expect(store.items.get('1-2')!.read_at).not.toBeNull()
    expect(realtime.counts).toEqual({ unread: 1, unseen: 1 })
    answer.resolve({ unread: 41, unseen: 40 } as never)
    await marking
    expect(realtime.counts).toEqual({ unread: 41, unseen: 40 })
  })

  it('leaves the counts alone when the log has spoken meanwhile', async () => {
    const answer = later<never>()
    post.mockReturnValueOnce(answer.promise)
    const marking = store.mark({ ids: ['1-2'], read: true })
    fakeLog.created(make(3), 4, { unread: 2, unseen: 2 })
    answer.resolve({ unread: 1, unseen: 1 } as never)
    await marking
    expect(realtime.counts).toEqual({ unread: 2, unseen: 2 })
  })

  it('is taken back when the server refuses', async () => {
    post.mockRejectedValueOnce(new Error('refused'))
    await expect(store.mark({ ids: ['1-2', '1-1'], archived: true })).rejects.toThrow('refused')
    expect(ids('all')).toEqual(['1-2', '1-1'])
    expect(store.items.get('1-2')).toMatchObject({ seen_at: null, archived_at: null })
    expect(realtime.counts).toEqual({ unread: 2, unseen: 2 })
  })

  it('takes back only what nobody changed since', async () => {
    const answer = later<never>()
    post.mockReturnValueOnce(answer.promise)
    const marking = store.mark({ ids: ['1-2', '1-1'], read: true })
    fakeLog.say('notification.updated', 3, { notification: make(2, { title: 'Newer' }) }, { unread: 9, unseen: 9 })
    answer.reject(new Error('refused'))
    await expect(marking).rejects.toThrow('refused')
    expect(store.items.get('1-2')!.title).toBe('Newer')
    expect(store.items.get('1-1')!.read_at).toBeNull()
    expect(realtime.counts).toEqual({ unread: 9, unseen: 9 })
  })

  it('of everything empties the badge, also of what was never loaded', async () => {
    realtime.setCounts({ unread: 500, unseen: 400 })
    post.mockReturnValue(new Promise(() => {}))
    void store.mark({ up_to: '1-2', seen: true })
    expect(realtime.counts).toEqual({ unread: 500, unseen: 0 })
    void store.mark({ up_to: '1-2', read: true })
    expect(realtime.counts).toEqual({ unread: 0, unseen: 0 })
  })

  it('of very many goes in portions that the server takes', async () => {
    post.mockResolvedValue({ unread: 0, unseen: 0 })
    await store.mark({ ids: Array.from({ length: 1100 }, (_, i) => `1-${i}`), read: false })
    expect(post.mock.calls.map(([body]) => body.ids!.length).sort((a, b) => b - a)).toEqual([500, 500, 100])
    expect(new Set(post.mock.calls.flatMap(([body]) => body.ids!)).size).toBe(1100)
  })
})

describe('alerts', () => {
  it('are for the new, not for edits, and wait for the first who listens', () => {
    fakeLog.created(make(1), 1)
    fakeLog.say('notification.updated', 2, { notification: make(1, { title: 'Edited' }) })
    fakeLog.say('notification.updated', 3, { notification: make(1, { title: 'Grown' }), alert: true })
    const heard: string[] = []
    store.onAlert((item) => heard.push(item.title))
    fakeLog.created(make(4), 4)
    expect(heard).toEqual(['Grown', 'Grown', 'Item 4'])
  })
})
