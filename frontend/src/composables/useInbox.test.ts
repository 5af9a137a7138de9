import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref, type EffectScope } from 'vue'
import * as api from '@/api/notification'
import { changeOf, fakeLog, make } from '@/inbox/testing'
import { useRealtimeStore } from '@/stores/realtime'
import { useNotifications } from '@/stores/notification'
import { useInbox } from './useInbox'

vi.mock('@/realtime/client', () => fakeLog.module)
vi.mock('@/api/notification')
vi.mock('@/api/event', () => ({ logHead: async () => ({ epoch: 'b', head: 0, unread: 0, unseen: 0 }), listEvents: vi.fn() }))

const answers: Record<string, api.Notification[]> = {}
const tab = ref<api.NotificationFilter>('all')
let scope: EffectScope
let inbox: ReturnType<typeof useInbox>

beforeEach(() => {
  setActivePinia(createPinia())
  Object.assign(answers, { all: [make(2), make(1)], unread: [make(2), make(1)], archived: [] })
  vi.mocked(api.listNotifications).mockImplementation(async (filter) => ({ items: answers[filter], next: null, head: 2, epoch: 'a', unread: 2, unseen: 2 }) as never)
  useRealtimeStore().start(1, { epoch: 'a', seq: 2, unread: 2, unseen: 2 })
  tab.value = 'all'
})

afterEach(() => scope.stop())

async function openInbox() {
  scope = effectScope()
  scope.run(() => (inbox = useInbox(tab)))
  await vi.waitFor(() => expect(inbox.list.value.loaded).toBe(true))
}
const ids = () => inbox.items.value.map((item) => item.id)

describe('the inbox', () => {
  it('keeps what comes behind the pill until somebody asks for it', async () => {
    await openInbox()
    fakeLog.created(make(3), 3)
    fakeLog.created(make(4), 4)
    expect(ids()).toEqual(['1-2', '1-1'])
    expect(inbox.fresh.value).toBe(2)
    expect(inbox.newest.value).toBe('1-2')
    inbox.showFresh()
    expect(ids()).toEqual(['1-4', '1-3', '1-2', '1-1'])
    expect(inbox.fresh.value).toBe(0)
  })

  it('keeps it there too when the list was loaded before', async () => {
    await useNotifications().load('all')
    await openInbox()
    fakeLog.created(make(3), 3)
    expect(inbox.fresh.value).toBe(1)
  })

  it('shows it at once in an empty list, but only the first', async () => {
    answers.all = []
    await openInbox()
    fakeLog.created(make(3), 3)
    expect(ids()).toEqual(['1-3'])
    fakeLog.created(make(4), 4)
    expect(ids()).toEqual(['1-3'])
    expect(inbox.fresh.value).toBe(1)
  })

  it('keeps among the unread what was read there, until it is opened again', async () => {
    tab.value = 'unread'
    await openInbox()
    fakeLog.say('notification.marked', 3, { ids: ['1-2'], read: true })
    expect(ids()).toEqual(['1-2', '1-1'])
    tab.value = 'all'
    await vi.waitFor(() => expect(inbox.list.value.loaded).toBe(true))
    tab.value = 'unread'
    await vi.waitFor(() => expect(ids()).toEqual(['1-1']))
  })

  it('filters by kind and deck, the new ones too', async () => {
    answers.all = [changeOf(2, { deck_id: 13, deck: 'Chemistry' }), changeOf(1, {})]
    await openInbox()
    expect(inbox.decks.value).toEqual([{ id: 13, name: 'Chemistry' }, { id: 12, name: 'Spanish' }])
    inbox.deck.value = 12
    expect(ids()).toEqual(['1-1'])
    fakeLog.created(make(3), 3)
    expect(inbox.fresh.value).toBe(0)
    fakeLog.created(changeOf(4, {}), 4)
    expect(inbox.fresh.value).toBe(1)
    inbox.deck.value = 0
    inbox.kind.value = 'push'
    expect(ids()).toEqual([])
    expect(inbox.filtered.value).toBe(true)
  })

  it('is loaded and lined up again after a reset', async () => {
    await openInbox()
    answers.all = [make(1, { title: 'restored' })]
    fakeLog.options!.onReset()
    await vi.waitFor(() => expect(inbox.items.value.map((item) => item.title)).toEqual(['restored']))
    fakeLog.created(make(5), 5)
    expect(inbox.fresh.value).toBe(1)
  })
})
