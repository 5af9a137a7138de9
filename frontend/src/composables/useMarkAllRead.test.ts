import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as api from '@/api/notification'
import { fakeLog, make } from '@/inbox/testing'
import { useNotifications } from '@/stores/notification'
import { useRealtimeStore } from '@/stores/realtime'
import { useToasts } from '@/stores/toast'
import { useMarkAllRead } from './useMarkAllRead'

vi.mock('@/realtime/client', () => fakeLog.module)
vi.mock('@/api/notification')
vi.mock('@/api/event', () => ({ logHead: vi.fn(), listEvents: vi.fn() }))
vi.mock('vue-i18n', async (original) => ({
  ...(await original<object>()),
  useI18n: () => ({ t: (key: string, values?: { n: number }) => (values ? `${key} ${values.n}` : key), te: () => true }),
}))

const list = vi.mocked(api.listNotifications)
const post = vi.mocked(api.markNotifications)
const read = { read_at: '2026-01-01T00:00:00Z', seen_at: '2026-01-01T00:00:00Z' }

/** The server's inbox: what the test says, in pages of two. */
function serve(items: api.Notification[]) {
  list.mockImplementation(async (filter, before) => {
    const fitting = items.filter((item) => (filter === 'unread' ? !item.read_at : true))
    const from = before ? fitting.filter((item) => Number(item.id.slice(2)) < Number(before.slice(2))) : fitting
    const unread = items.filter((item) => !item.read_at).length
    return { items: from.slice(0, 2), next: from.length > 2 ? from[1]!.id : null, head: 50, epoch: 'a', unread, unseen: unread } as never
  })
}

let store: ReturnType<typeof useNotifications>
beforeEach(() => {
  setActivePinia(createPinia())
  vi.resetAllMocks()
  useRealtimeStore().start(1, { epoch: 'a', seq: 0, unread: 0, unseen: 0 })
  store = useNotifications()
  post.mockResolvedValue({ unread: 0, unseen: 0 })
})
const undo = () => useToasts().toasts.at(-1)!.action!.run()

describe('marking all read', () => {
  it('goes up to the newest shown, says how many, and can be undone', async () => {
    serve([make(3), make(2, read)])
    await store.load('all')
    fakeLog.created(make(4), 51, { unread: 2, unseen: 2 })
    await useMarkAllRead()(store.list('all').slice(1))
    expect(post).toHaveBeenLastCalledWith({ up_to: '1-3', read: true })
    expect(store.items.get('1-4')!.read_at).toBeNull()
    expect(useToasts().toasts.at(-1)!.title).toBe('inbox.markedRead 1')
    await undo()
    expect(post).toHaveBeenLastCalledWith({ ids: ['1-3'], read: false })
  })

  it('knows for the undo also what was never loaded', async () => {
    serve([make(9), make(8, read), make(7), make(6), make(5), make(4, read), make(3)])
    await store.load('all')
    await useMarkAllRead()(store.list('all'))
    expect(useToasts().toasts.at(-1)!.title).toBe('inbox.markedRead 5')
    await undo()
    expect(post).toHaveBeenLastCalledWith({ ids: ['1-9', '1-7', '1-6', '1-5', '1-3'], read: false })
  })

  it('leaves alone what a filter hides', async () => {
    serve([make(3), make(2)])
    await store.load('all')
    await useMarkAllRead()([store.items.get('1-2')!], { only: true })
    expect(post).toHaveBeenCalledExactlyOnceWith({ ids: ['1-2'], read: true })
  })

  it('says nothing when there was nothing', async () => {
    serve([make(2, read)])
    await store.load('all')
    await useMarkAllRead()(store.list('all'))
    expect(post).not.toHaveBeenCalled()
    expect(useToasts().toasts).toEqual([])
  })

  it('says only that it failed when it failed', async () => {
    serve([make(2)])
    await store.load('all')
    post.mockRejectedValueOnce(new Error('away'))
    await useMarkAllRead()(store.list('all'))
    expect(useToasts().toasts.map(({ tone }) => tone)).toEqual(['error'])
    expect(store.items.get('1-2')!.read_at).toBeNull()
  })
})
