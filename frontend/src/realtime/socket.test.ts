import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createCursor } from './cursor'
import type { Connection, LogEvent } from './events'
import { fakeTab, settle } from './fakes'
import { createSocket, type Renewed } from './socket'

function start(renewal: () => Promise<Renewed> = async () => ({ result: 'unreachable' })) {
  const tab = fakeTab()
  const cursor = createCursor({ epoch: 'e1', seq: 10 })
  const seen: number[] = []
  const connections: Connection[] = []
  const live: string[] = []
  const renew = vi.fn<() => Promise<Renewed>>(renewal)
  const onOtherUser = vi.fn<() => void>()
  const socket = createSocket({
    user: 5,
    url: ({ epoch, seq }) => `wss://aoki.example/ws?since=${seq}&epoch=${epoch}`,
    position: () => cursor.position,
    renew,
    onConnection: (connection) => connections.push(connection),
    onEvent(_, event: LogEvent) {
      const result = cursor.take(event.seq)
      if (result === 'next') seen.push(event.seq)
      return result
    },
    onLive: (frame) => live.push(frame.name),
    onReset: (to) => cursor.jump(to),
    onOtherUser,
    ...tab.env,
  })
  return { tab, cursor, seen, connections, live, renew, onOtherUser, socket, last: () => connections.at(-1)! }
}

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a socket', () => {
  it('starts at the cursor and goes live with ready', () => {
    const t = start()
    expect(t.tab.socket.query).toEqual({ since: '10', epoch: 'e1' })
    t.tab.socket.welcome()
    expect(t.last().kind).toBe('connecting')
    t.tab.socket.say('ready', { seq: 10 })
    expect(t.last()).toEqual({ kind: 'live' })
  })

  it('delivers each event once and drops what it has', () => {
    const t = start()
    t.tab.socket.live()
    for (const seq of [11, 12, 12, 11, 9, 13]) t.tab.socket.event(seq)
    expect(t.seen).toEqual([11, 12, 13])
  })

  it('closes a gap by connecting again from the cursor', () => {
    const t = start()
    t.tab.socket.live()
    t.tab.socket.event(11)
    t.tab.socket.event(13)
    expect(t.seen).toEqual([11])
    vi.advanceTimersByTime(1000)
    expect(t.tab.sockets).toHaveLength(2)
    expect(t.tab.socket.query.since).toBe('11')
    t.tab.socket.welcome()
    for (const seq of [12, 13]) t.tab.socket.event(seq)
    expect(t.seen).toEqual([11, 12, 13])
  })

  it('hears nothing any more from a socket it has let go', () => {
    const t = start()
    const old = t.tab.socket
    old.live()
    t.socket.wake('online')
    old.event(11)
    old.lose()
    expect(t.seen).toEqual([])
    expect(t.tab.sockets).toHaveLength(2)
  })

  it('goes on from the head after a reset, with the new epoch', () => {
    const t = start()
    t.tab.socket.welcome(5, 'e2', 3)
    t.tab.socket.say('reset', { epoch: 'e2', head: 3, reason: 'epoch' })
    t.tab.socket.say('ready', { seq: 3 })
    t.tab.socket.event(4)
    expect(t.seen).toEqual([4])
    t.tab.socket.lose()
    vi.advanceTimersByTime(1000)
    expect(t.tab.socket.query).toEqual({ since: '4', epoch: 'e2' })
  })

  it('hands on what is live only, and survives what is no frame', () => {
    const t = start()
    t.tab.socket.live()
    t.tab.socket.say('room.message', { text: 'hi' }, { room: 'lobby' })
    t.tab.socket.onmessage?.({ data: '{' })
    t.tab.socket.say('reply', {}, { id: 'probe' })
    expect(t.live).toEqual(['room.message'])
    expect(t.last().kind).toBe('live')
  })

  it('says how far it is: once ready, then at most once a second', () => {
    const t = start()
    t.tab.socket.live()
    for (const seq of [11, 12, 13]) t.tab.socket.event(seq)
    const acks = () => t.tab.socket.sent.filter((frame) => frame.name === 'ack').map((frame) => (frame.message as { seq: number }).seq)
    expect(acks()).toEqual([10])
    vi.advanceTimersByTime(1000)
    expect(acks()).toEqual([10, 13])
    vi.advanceTimersByTime(5000)
    expect(acks()).toEqual([10, 13])
  })
})

describe('coming back', () => {
  it('waits longer after each failure, never over 20 s, and starts over after 30 s of being live', () => {
    const t = start()
    const waits: number[] = []
    for (let i = 0; i < 9; i++) {
      t.tab.socket.lose()
      const waiting = t.last() as Extract<Connection, { kind: 'waiting' }>
      waits.push(waiting.at - Date.now())
      vi.advanceTimersByTime(waiting.at - Date.now())
    }
    expect(waits).toEqual([750, 1000, 1500, 2500, 4500, 8500, 16500, 20000, 20000])

    t.tab.socket.live()
    vi.advanceTimersByTime(29_000)
    t.tab.socket.lose()
    expect((t.last() as { at: number }).at - Date.now()).toBe(20_000)
    vi.advanceTimersByTime(20_000)
    t.tab.socket.live()
    t.tab.socket.say('ping', { head: 10 })
    vi.advanceTimersByTime(30_000)
    t.tab.socket.lose()
    expect((t.last() as { at: number }).at - Date.now()).toBe(750)
  })

  it('lets the server choose the moment', () => {
    const t = start()
    t.tab.socket.live()
    t.tab.socket.say('bye', { code: 4003, reason: 'stopping', reconnect: true, after_ms: 4321 })
    t.tab.socket.lose(4003)
    vi.advanceTimersByTime(4320)
    expect(t.tab.sockets).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(t.tab.sockets).toHaveLength(2)
  })

  it.each([4500, 4501, 4502, 4503, 4504, 4999])('stops for good at %d', (code) => {
    const t = start()
    t.tab.socket.live()
    t.tab.socket.lose(code)
    expect(t.last()).toEqual({ kind: 'ended', code })
    t.socket.wake('online')
    t.socket.wake('visible')
    vi.advanceTimersByTime(3_600_000)
    expect(t.tab.sockets).toHaveLength(1)
  })

  it.each([1000, 1001, 1006, 1012, 4002, 4004, 4005, 4006, 4499, 5000])('comes back after %d', (code) => {
    const t = start()
    t.tab.socket.live()
    t.tab.socket.lose(code)
    vi.advanceTimersByTime(1000)
    expect(t.tab.sockets).toHaveLength(2)
  })

  it('comes back from an end only when somebody asks', () => {
    const t = start()
    t.tab.socket.live()
    t.tab.socket.lose(4504)
    t.socket.wake('now')
    expect(t.tab.sockets).toHaveLength(2)
    t.tab.socket.live()
    expect(t.last().kind).toBe('live')
  })

  it.each(['now', 'online', 'visible'] as const)('does not wait any longer at "%s"', (reason) => {
    const t = start()
    for (let i = 0; i < 6; i++) {
      t.tab.socket.lose()
      vi.advanceTimersByTime(20_000)
    }
    t.tab.socket.lose()
    const before = t.tab.sockets.length
    t.socket.wake(reason)
    expect(t.tab.sockets).toHaveLength(before + 1)
  })

  it('says that it is offline, and goes on trying: the server may be on this machine', () => {
    const t = start()
    t.tab.socket.live()
    t.tab.state.online = false
    t.tab.socket.lose()
    expect(t.last()).toMatchObject({ kind: 'waiting', offline: true })
    vi.advanceTimersByTime(1000)
    expect(t.tab.sockets).toHaveLength(2)
  })

  it('stops with 1000 and stays so', () => {
    const t = start()
    t.tab.socket.live()
    t.socket.stop()
    expect(t.tab.socket.closedWith).toBe(1000)
    t.socket.wake('now')
    vi.advanceTimersByTime(3_600_000)
    expect(t.tab.sockets).toHaveLength(1)
  })
})

describe('silence', () => {
  it('is a loss soon enough to be back before the ping interval and 10 s are over', () => {
    const t = start()
    t.tab.socket.live()
    vi.advanceTimersByTime(32_999)
    expect(t.last().kind).toBe('live')
    vi.advanceTimersByTime(1)
    expect(t.last().kind).toBe('waiting')
    expect(t.tab.socket.closedWith).toBe(1000)
    vi.advanceTimersByTime(1000)
    expect(t.tab.sockets).toHaveLength(2)
  })

  it('is broken by anything heard', () => {
    const t = start()
    t.tab.socket.live()
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(25_000)
      t.tab.socket.say('ping', { head: 10 })
    }
    expect(t.tab.sockets).toHaveLength(1)
  })

  it('during the handshake is a loss after 15 s', () => {
    const t = start()
    vi.advanceTimersByTime(15_000)
    expect(t.last().kind).toBe('waiting')
  })

  it('is looked into when the page is looked at again', () => {
    const t = start()
    t.tab.socket.live()
    vi.advanceTimersByTime(20_000)
    t.socket.wake('visible')
    expect(t.tab.socket.sent.at(-1)).toMatchObject({ name: 'ping', id: 'probe' })
    vi.advanceTimersByTime(4000)
    t.tab.socket.say('reply', {}, { id: 'probe' })
    vi.advanceTimersByTime(20_000)
    expect(t.tab.sockets).toHaveLength(1)
    t.socket.wake('offline')
    vi.advanceTimersByTime(5000)
    expect(t.last().kind).toBe('waiting')
  })

  it('that outlived its timer (a laptop slept) ends at the first look', () => {
    const t = start()
    t.tab.socket.live()
    vi.setSystemTime(Date.now() + 3_600_000)
    t.socket.wake('visible')
    expect(t.tab.sockets).toHaveLength(2)
  })

  it('of the log alone is noticed by the head of two pings', () => {
    const t = start()
    t.tab.socket.live()
    t.tab.socket.say('ping', { head: 11 })
    t.tab.socket.event(11)
    t.tab.socket.say('ping', { head: 12 })
    expect(t.last().kind).toBe('live')
    t.tab.socket.say('ping', { head: 12 })
    expect(t.last().kind).toBe('waiting')
  })
})

describe('the login', () => {
  it('is renewed at once after 4001', async () => {
    const t = start(async () => ({ result: 'renewed', expiresIn: 900 }))
    t.tab.socket.live()
    t.tab.socket.lose(4001)
    await settle()
    expect(t.renew).toHaveBeenCalledOnce()
    expect(t.tab.sockets).toHaveLength(2)
  })

  it('is renewed once when a handshake fails, which may be a 401', async () => {
    const t = start(async () => ({ result: 'renewed', expiresIn: 900 }))
    t.tab.socket.lose()
    await settle()
    expect(t.tab.sockets).toHaveLength(2)
    for (let i = 0; i < 5; i++) {
      t.tab.socket.lose()
      await vi.advanceTimersByTimeAsync(8500)
    }
    expect(t.renew).toHaveBeenCalledOnce()
  })

  it('is asked for again at every failure as long as nobody answers', async () => {
    const t = start()
    for (let i = 0; i < 4; i++) {
      t.tab.socket.lose()
      await vi.advanceTimersByTimeAsync(10_000)
    }
    expect(t.renew).toHaveBeenCalledTimes(4)
  })

  it('that is over ends all', async () => {
    const t = start(async () => ({ result: 'signed-out' }))
    t.tab.socket.lose()
    await settle()
    expect(t.last()).toEqual({ kind: 'ended', code: 4501 })
    vi.advanceTimersByTime(3_600_000)
    expect(t.tab.sockets).toHaveLength(1)
  })

  it('does not spin when renewing does not help', async () => {
    const t = start(async () => ({ result: 'renewed', expiresIn: 900 }))
    for (let i = 0; i < 10; i++) {
      t.tab.socket.live()
      t.tab.socket.lose(4001)
      await settle()
    }
    expect(t.renew).toHaveBeenCalledOnce()
    expect(t.tab.sockets).toHaveLength(2)
  })

  it('is renewed two minutes before it expires, and the socket stays', async () => {
    const t = start(async () => ({ result: 'renewed', expiresIn: 900 }))
    t.tab.socket.live()
    for (let minute = 0; minute < 60; minute++) {
      t.tab.socket.say('ping', { head: 10 })
      await vi.advanceTimersByTimeAsync(30_000)
      t.tab.socket.say('ping', { head: 10 })
      await vi.advanceTimersByTimeAsync(30_000)
    }
    expect(t.renew).toHaveBeenCalledTimes(4)
    expect(t.tab.sockets).toHaveLength(1)
  })

  it('of somebody else is told', () => {
    const t = start()
    t.tab.socket.welcome(6)
    expect(t.onOtherUser).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(3_600_000)
    expect(t.tab.sockets).toHaveLength(1)
  })
})
