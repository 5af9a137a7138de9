import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as api from '@/api/notification'
import { fakeLog, make } from '@/inbox/testing'
import { useNotifications } from '@/stores/notification'
import { useRealtimeStore } from '@/stores/realtime'
import { useToasts } from '@/stores/toast'
import { useArchive } from './useArchive'

vi.mock('@/realtime/client', () => fakeLog.module)
vi.mock('@/api/notification')
vi.mock('@/api/event', () => ({ logHead: vi.fn(), listEvents: vi.fn() }))
vi.mock('vue-i18n', async (original) => ({
  ...(await original<object>()),
  useI18n: () => ({ t: (key: string, values?: { n: number }) => (values ? `${key} ${values.n}` : key), te: () => true }),
}))
const post = vi.mocked(api.markNotifications)

let store: ReturnType<typeof useNotifications>
let archive: ReturnType<typeof useArchive>
beforeEach(async () => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  vi.resetAllMocks()
  useRealtimeStore().start(1, { epoch: 'a', seq: 0, unread: 3, unseen: 3 })
  store = useNotifications()
  vi.mocked(api.listNotifications).mockResolvedValue({ items: [make(3), make(2), make(1)], next: null, head: 3, epoch: 'a', unread: 3, unseen: 3 } as never)
  post.mockResolvedValue({ unread: 0, unseen: 0 })
  await store.load('all')
  archive = useArchive()
})
afterEach(() => vi.useRealTimers())

const item = (n: number) => store.items.get(`1-${n}`)!
const toast = () => useToasts().toasts.at(-1)!
const ids = () => store.list('all').map(({ id }) => id)

describe('archiving', () => {
  it('can be undone, all that came within 6 s together', async () => {
    await archive(item(3))
    vi.advanceTimersByTime(4000)
    await archive(item(1))
    expect(useToasts().toasts).toHaveLength(1)
    expect(toast().title).toBe('inbox.archived 2')
    expect(ids()).toEqual(['1-2'])
    toast().action!.run()
    expect(post).toHaveBeenLastCalledWith({ ids: ['1-3', '1-1'], archived: false })
    expect(ids()).toEqual(['1-3', '1-2', '1-1'])
  })

  it('begins a new group after that, and after an undo', async () => {
    await archive(item(3))
    vi.advanceTimersByTime(6001)
    await archive(item(2))
    expect(toast().title).toBe('inbox.archived 1')
    toast().action!.run()
    await archive(item(1))
    expect(toast().title).toBe('inbox.archived 1')
    toast().action!.run()
    expect(post).toHaveBeenLastCalledWith({ ids: ['1-1'], archived: false })
  })

  it('brings back what is archived', async () => {
    await archive(item(3))
    await archive(item(3))
    expect(toast().title).toBe('inbox.unarchived 1')
    expect(item(3).archived_at).toBeNull()
  })

  it('that failed is no part of the undo', async () => {
    await archive(item(3))
    post.mockRejectedValueOnce(new Error('away'))
    await archive(item(2))
    expect(ids()).toEqual(['1-2', '1-1'])
    useToasts().toasts.find(({ key }) => key === 'archive')!.action!.run()
    expect(post).toHaveBeenLastCalledWith({ ids: ['1-3'], archived: false })
  })
})
