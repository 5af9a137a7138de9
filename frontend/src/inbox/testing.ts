import { vi } from 'vitest'
import type { Notification } from '@/api/notification'
import type { LogEvent } from '@/realtime/events'

/** An item of user 1's inbox for tests: `make(7)` is the one at place 7. */
export function make(place: number, change: Partial<Notification> = {}): Notification {
  const at = `2026-01-01T00:00:${String(place % 60).padStart(2, '0')}Z`
  return {
    id: `1-${place}`,
    kind: 'push',
    title: `Item ${place}`,
    body: '',
    link: '',
    data: {},
    created_at: at,
    updated_at: at,
    seen_at: null,
    read_at: null,
    archived_at: null,
    ...change,
  }
}

export const changeOf = (place: number, data: object, change: Partial<Notification> = {}) =>
  make(place, {
    kind: 'deck.changed',
    link: '/decks/12',
    data: { deck_id: 12, deck: 'Spanish', added: 1, updated: 0, deleted: 0, by: ['ann'], note_id: 5, ...data },
    ...change,
  })

/** Gives the log of a test to whoever follows it: use it as `vi.mock('@/realtime/client', () => fakeLog.module)`. */
export const fakeLog = {
  options: null as null | { onEvent: (event: LogEvent) => void; onReset: () => void; onConnection: (now: { kind: string }) => void },
  module: {
    createRealtime: (options: never) => {
      fakeLog.options = options
      return { stop: vi.fn(), now: vi.fn() }
    },
  },
  say(name: string, seq: number, message: object, counts?: { unread: number; unseen: number }) {
    fakeLog.options!.onEvent({ name, seq, time: '2026-02-01T00:00:00Z', message, counts } as never)
  },
  created: (item: Notification, seq: number, counts = { unread: 1, unseen: 1 }) => fakeLog.say('notification.created', seq, { notification: item }, counts),
}
