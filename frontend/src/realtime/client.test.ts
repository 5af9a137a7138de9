import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Schema } from '@/api/http'
import { createRealtime } from './client'
import type { Connection, Position } from './events'
import { entry, FakeBrowser, fakeTab, settle } from './fakes'

/** A server's log, for GET /events. */
let log: number[]
const fetchLog = vi.fn<(from: Position) => Promise<Schema<'EventPage'>>>(
  async ({ seq }) => ({ epoch: 'e1', head: log.at(-1) ?? 10, events: log.filter((n) => n > seq).map((n) => entry(n)), reset: null }) as unknown as Schema<'EventPage'>,
)

function openTab(browser: FakeBrowser | undefined, seq = 10, user = 5) {
  const tab = fakeTab(browser)
  const seen: number[] = []
  const heard: string[] = []
  const connections: Connection[] = []
  const onReset = vi.fn<() => void>()
  const client = createRealtime({
    user,
    start: { epoch: 'e1', seq },
    fetch: fetchLog,
    renew: async () => ({ result: 'unreachable' }),
    onConnection: (connection) => connections.push(connection),
    onEvent: (event) => seen.push(event.seq),
    onLive: (frame) => heard.push(frame.name),
    onReset,
    onOtherUser: () => {},
    env: tab.env,
  })
  return { ...tab, tab, seen, heard, connections, onReset, client, get socket() { return tab.sockets.at(-1)! }, last: () => connections.at(-1)?.kind }
}

beforeEach(() => {
  vi.useFakeTimers()
  log = []
  fetchLog.mockClear()
})

describe('tabs of one browser', () => {
  it('share one socket, and see the same in the same order', async () => {
    const browser = new FakeBrowser()
    const [a, b, c] = [openTab(browser), openTab(browser), openTab(browser)]
    await settle()
    expect([a, b, c].map((tab) => tab.sockets.length)).toEqual([1, 0, 0])
    a.socket.live()
    for (const seq of [11, 12, 12, 13]) a.socket.event(seq)
    a.socket.say('import.progress', { done: 1, total: 2 })
    await settle()
    for (const tab of [a, b, c]) {
      expect(tab.seen).toEqual([11, 12, 13])
      expect(tab.heard).toEqual(['import.progress'])
      expect(tab.last()).toBe('live')
    }
  })

  it('hand over without a loss and without a double', async () => {
    const browser = new FakeBrowser()
    const [a, b, c] = [openTab(browser), openTab(browser), openTab(browser)]
    await settle()
    a.socket.live()
    for (const seq of [11, 12]) a.socket.event(seq)
    await settle()
    a.client.stop()
    await settle()
    expect(b.socket.query).toEqual({ since: '12', epoch: 'e1' })
    b.socket.welcome()
    for (const seq of [13, 14]) b.socket.event(seq)
    b.socket.say('ready', { seq: 14 })
    await settle()
    expect([b.seen, c.seen]).toEqual([[11, 12, 13, 14], [11, 12, 13, 14]])
    expect(c.sockets).toHaveLength(0)
    expect(a.seen).toEqual([11, 12])
  })

  it('that join late get what lies between their lists and the leader', async () => {
    const browser = new FakeBrowser()
    const a = openTab(browser)
    await settle()
    a.socket.live()
    log = [11, 12, 13]
    for (const seq of log) a.socket.event(seq)
    const late = openTab(browser, 11)
    await settle()
    expect(late.seen).toEqual([12, 13])
    a.socket.event(14)
    await settle()
    expect(late.seen).toEqual([12, 13, 14])
    expect(fetchLog).toHaveBeenCalledOnce()
  })

  it('that are ahead of the leader drop what their lists have', async () => {
    const browser = new FakeBrowser()
    const a = openTab(browser)
    await settle()
    a.socket.live()
    const ahead = openTab(browser, 12)
    await settle()
    for (const seq of [11, 12, 13]) a.socket.event(seq)
    await settle()
    expect(ahead.seen).toEqual([13])
    expect(fetchLog).not.toHaveBeenCalled()
  })

  it('all start over at a reset', async () => {
    const browser = new FakeBrowser()
    const [a, b] = [openTab(browser), openTab(browser)]
    await settle()
    a.socket.welcome(5, 'e2', 3)
    a.socket.say('reset', { epoch: 'e2', head: 3, reason: 'epoch' })
    a.socket.say('ready', { seq: 3 })
    a.socket.event(4)
    await settle()
    for (const tab of [a, b]) {
      expect(tab.onReset).toHaveBeenCalledOnce()
      expect(tab.seen).toEqual([4])
    }
  })

  it('all hear of an end, and any of them may ask to go on', async () => {
    const browser = new FakeBrowser()
    const [a, b] = [openTab(browser), openTab(browser)]
    await settle()
    a.socket.live()
    a.socket.lose(4504)
    await settle()
    expect(b.connections.at(-1)).toEqual({ kind: 'ended', code: 4504 })
    b.client.now()
    await settle()
    expect(a.sockets).toHaveLength(2)
  })

  it('take over from a leader that sleeps with the lock', async () => {
    const browser = new FakeBrowser()
    const [a, b] = [openTab(browser), openTab(browser)]
    await settle()
    a.socket.live()
    a.socket.event(11)
    await settle()
    // Nothing answers: the channel of a sleeping tab delivers nothing.
    browser.deafen('aoki.live.5')
    b.hint('visible')
    await vi.advanceTimersByTimeAsync(3999)
    expect(b.sockets).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(b.sockets).toHaveLength(1)
    expect(b.socket.query.since).toBe('11')
    expect(a.socket.closedWith).toBe(1000)
  })

  it('rest in the cache for "back" and come again', async () => {
    const browser = new FakeBrowser()
    const [a, b] = [openTab(browser), openTab(browser)]
    await settle()
    a.socket.live()
    a.hint('hide')
    expect(a.socket.closedWith).toBe(1000)
    await settle()
    b.socket.live()
    log = [11]
    b.socket.event(11)
    await settle()
    expect(a.seen).toEqual([])
    a.hint('show')
    await settle()
    expect(a.seen).toEqual([11])
    expect(a.sockets).toHaveLength(1)
  })

  it('of different users never hear each other', async () => {
    const browser = new FakeBrowser()
    const [a, b] = [openTab(browser), openTab(browser, 10, 6)]
    await settle()
    expect([a.sockets.length, b.sockets.length]).toEqual([1, 1])
    a.socket.live()
    a.socket.event(11)
    await settle()
    expect(b.seen).toEqual([])
  })
})

describe('without locks', () => {
  it('each tab has its own socket', async () => {
    const [a, b] = [openTab(undefined), openTab(undefined)]
    await settle()
    expect([a.sockets.length, b.sockets.length]).toEqual([1, 1])
    a.socket.live()
    a.socket.event(11)
    await settle()
    expect([a.seen, b.seen]).toEqual([[11], []])
    a.client.stop()
    expect(a.socket.closedWith).toBe(1000)
  })
})
