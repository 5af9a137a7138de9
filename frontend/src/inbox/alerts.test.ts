import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Notification } from '@/api/notification'
import type { ToastInput } from '@/stores/toast'
import { createAlerts, type AlertOptions } from './alerts'
import { make } from './testing'

let items: Map<string, Notification>
let shown: (ToastInput & { closed: boolean })[]
let options: AlertOptions

beforeEach(() => {
  vi.useFakeTimers()
  items = new Map()
  shown = []
  options = {
    wants: () => ({ toast: true, sound: false }),
    isOwn: async () => false,
    isVisible: () => true,
    isOnScreen: () => false,
    isCalm: () => false,
    claim: async () => true,
    current: (id) => items.get(id),
    toast: (item) => ({ title: item.title, key: item.id }),
    summary: (n, away) => ({ title: `${n} ${away ? 'away' : 'new'}` }),
    // As the toast store: one key, one toast.
    show(toast) {
      for (const other of shown) if (other.key === toast.key) other.closed = true
      const mine = { ...toast, closed: false }
      shown.push(mine)
      return () => (mine.closed = true)
    },
    chime: vi.fn(),
  }
})
afterEach(() => vi.useRealTimers())

const open = () => shown.filter((toast) => !toast.closed).map((toast) => toast.title)

/** Lets things happen for some milliseconds. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

function come(alerts: ReturnType<typeof createAlerts>, item: Notification) {
  items.set(item.id, item)
  alerts.offer(item)
  return pass()
}

describe('a new notification', () => {
  it('pops up', async () => {
    await come(createAlerts(options), make(1))
    expect(open()).toEqual(['Item 1'])
    expect(options.chime).not.toHaveBeenCalled()
  })

  it.each([
    ['was made here', { isOwn: async () => true }],
    ['is on the screen', { isOnScreen: () => true }],
    ['is told by another tab', { claim: async () => false }],
    ['is not wanted', { wants: () => ({ toast: false, sound: false }) }],
    ['comes while nothing must disturb', { isCalm: () => true }],
    ['comes to a tab that nobody sees', { isVisible: () => false }],
  ] as [string, Partial<AlertOptions>][])('does not when it %s', async (_, change) => {
    await come(createAlerts({ ...options, ...change }), make(1))
    expect(shown).toEqual([])
  })

  it('does not when it was read before this tab came to it', async () => {
    const alerts = createAlerts({
      ...options,
      claim: () => new Promise((resolve) => setTimeout(resolve, 150, true)),
    })
    await come(alerts, make(1))
    items.set('1-1', make(1, { read_at: '2026-01-01T00:00:00Z' }))
    await pass(150)
    expect(shown).toEqual([])
  })

  it('that is on the screen of the tab in focus is nothing for the other tabs', async () => {
    const claim = vi.fn(async () => true)
    await come(createAlerts({ ...options, claim, isOnScreen: () => true }), make(1))
    expect(claim).toHaveBeenCalledOnce()
  })

  it('sounds alone when no tab is in sight, and is silent for whoever wants no sound', async () => {
    await come(createAlerts({ ...options, isVisible: () => false, wants: () => ({ toast: true, sound: true }) }), make(1))
    expect(options.chime).toHaveBeenCalledOnce()
    expect(shown).toEqual([])
  })

  it('that is gone or read goes away from the screen too', async () => {
    const alerts = createAlerts(options)
    await come(alerts, make(1))
    await come(alerts, make(2))
    items.set('1-1', make(1, { read_at: '2026-01-01T00:00:00Z' }))
    items.delete('1-2')
    alerts.settle()
    expect(open()).toEqual([])
  })
})

describe('many at once', () => {
  it('are three toasts, and from the fourth on one that counts', async () => {
    const alerts = createAlerts(options)
    for (const n of [1, 2, 3]) await come(alerts, make(n))
    expect(open()).toEqual(['Item 1', 'Item 2', 'Item 3'])
    await come(alerts, make(4))
    expect(open()).toEqual(['4 new'])
    await come(alerts, make(5))
    expect(open()).toEqual(['5 new'])
  })

  it('over a longer time are toasts of their own', async () => {
    const alerts = createAlerts(options)
    for (const n of [1, 2, 3, 4, 5, 6]) {
      await come(alerts, make(n))
      await pass(2000)
    }
    expect(shown.map((toast) => toast.title)).toEqual(['Item 1', 'Item 2', 'Item 3', 'Item 4', 'Item 5', 'Item 6'])
  })

  it('begin anew after 5 s without any', async () => {
    const alerts = createAlerts(options)
    for (const n of [1, 2, 3, 4]) await come(alerts, make(n))
    await pass(5000)
    await come(alerts, make(5))
    expect(open()).toContain('Item 5')
  })

  it('of one item are one: it changes its toast', async () => {
    const alerts = createAlerts(options)
    for (const n of [1, 2, 3, 4, 5]) await come(alerts, make(1, { title: `${n} cards`, updated_at: `2026-01-01T00:00:0${n}Z` }))
    expect(open()).toEqual(['5 cards'])
  })

  it('count an item once in the summary', async () => {
    const alerts = createAlerts(options)
    for (const n of [1, 2, 3, 4, 4, 2]) await come(alerts, make(n))
    expect(open()).toEqual(['4 new'])
  })
})

describe('after an absence', () => {
  it('a few pop up, as they are by now', async () => {
    const alerts = createAlerts(options)
    alerts.setAway(true)
    await come(alerts, make(1, { title: 'One card' }))
    await come(alerts, make(1, { title: 'Two cards' }))
    await come(alerts, make(2))
    expect(shown).toEqual([])
    alerts.setAway(false)
    await pass()
    expect(open()).toEqual(['Two cards', 'Item 2'])
  })

  it('many are one toast', async () => {
    const alerts = createAlerts(options)
    alerts.setAway(true)
    for (const n of [1, 2, 3, 4, 5]) await come(alerts, make(n))
    alerts.setAway(false)
    await pass()
    expect(shown.map((toast) => toast.title)).toEqual(['5 away'])
    await come(alerts, make(6))
    expect(open()).toEqual(['6 new'])
  })

  it('what was read on another device meanwhile is not told', async () => {
    const alerts = createAlerts(options)
    alerts.setAway(true)
    await come(alerts, make(1))
    items.set('1-1', make(1, { read_at: '2026-01-01T00:00:00Z' }))
    alerts.setAway(false)
    await pass()
    expect(shown).toEqual([])
  })
})

describe('what is withdrawn', () => {
  it('takes its toast along, also one that was held in sight while others came', async () => {
    const alerts = createAlerts(options)
    await come(alerts, make(1))
    await pass(6000)
    await come(alerts, make(2))
    items.delete('1-1')
    alerts.settle()
    expect(open()).toEqual(['Item 2'])
  })

  it('does not pop up any more: neither while the tabs agree who tells it, nor after an absence', async () => {
    const alerts = createAlerts({ ...options, claim: () => new Promise((resolve) => setTimeout(resolve, 150, true)) })
    await come(alerts, make(1))
    items.delete('1-1')
    await pass(200)
    alerts.setAway(true)
    await come(alerts, make(2))
    await come(alerts, make(3))
    items.delete('1-2')
    alerts.setAway(false)
    await pass(200)
    expect(open()).toEqual(['Item 3'])
  })
})
