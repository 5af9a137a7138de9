import { backoff } from './backoff'
import type { Bye, Connection, LiveFrame, LogEvent, Position, Welcome } from './events'

export type Renewed = { result: 'renewed'; expiresIn: number } | { result: 'signed-out' } | { result: 'unreachable' }
export type WakeReason = 'now' | 'online' | 'offline' | 'visible'

export interface SocketOptions {
  user: number
  url: (from: Position) => string
  /** Where to go on: read at each connect. */
  position: () => Position
  renew: () => Promise<Renewed>
  onConnection: (connection: Connection) => void
  /** Hands over one event of the log and hears whether it followed the last one. */
  onEvent: (epoch: string, event: LogEvent) => 'next' | 'old' | 'gap'
  onLive: (frame: LiveFrame) => void
  onReset: (to: Position) => void
  /** The socket belongs to somebody else: the browser's cookies have changed hands. */
  onOtherUser: () => void
  open: (url: string) => WebSocket
  random: () => number
  now: () => number
  isOnline: () => boolean
}

const second = 1000
const handshakeLimit = 15 * second
/** With the wait before a first redial (a second at most) and the redial itself that stays below 10 s. */
const grace = 8 * second
const probeLimit = 5 * second
const stableAfter = 30 * second
const ackEvery = second
const renewBefore = 120 * second
const renewalPause = 60 * second
const expiryPause = 5 * second

/** Close codes from here on mean: don't come back by yourself. */
export const isFinal = (code: number) => code >= 4500 && code < 5000

/**
 * One connection to the log that keeps itself alive: it comes back with the
 * cursor after every loss, renews the login in time, notices silence, and stops
 * where the server says so.
 */
export function createSocket(options: SocketOptions) {
  let socket: WebSocket | null = null
  let stopped = false
  let ended = false
  let live = false
  let failures = 0
  let epoch = ''
  let bye: Bye | null = null
  let pingSeconds = 25
  let heardAt = 0
  let lastPingHead = 0
  let acked = 0
  let renewalTriedAt = -Infinity
  const timers: Partial<Record<'retry' | 'silence' | 'stable' | 'ack' | 'renewal', ReturnType<typeof setTimeout>>> = {}

  function after(name: keyof typeof timers, ms: number, run: () => void) {
    clearTimeout(timers[name])
    timers[name] = setTimeout(() => {
      timers[name] = undefined
      run()
    }, ms)
  }
  function clear(...names: (keyof typeof timers)[]) {
    for (const name of names) {
      clearTimeout(timers[name])
      timers[name] = undefined
    }
  }

  function connect() {
    clear('retry')
    drop()
    ended = false
    bye = null
    lastPingHead = acked = 0
    let opened = false
    options.onConnection({ kind: 'connecting' })
    const mine = options.open(options.url(options.position()))
    socket = mine
    mine.onopen = () => mine === socket && (opened = true)
    mine.onmessage = ({ data }) => mine === socket && receive(data as string)
    mine.onclose = ({ code }) => mine === socket && closed(code, opened)
    after('silence', handshakeLimit, lost)
  }

  /** Lets go of the socket without waiting for the other side, which may be gone. */
  function drop(code = 1000) {
    const old = socket
    socket = null
    live = false
    clear('silence', 'stable', 'ack', 'renewal')
    old?.close(code)
  }

  function closed(code: number, opened: boolean) {
    socket = null
    live = false
    clear('silence', 'stable', 'ack', 'renewal')
    if (isFinal(code) || bye?.reconnect === false) return end(isFinal(code) ? code : (bye?.code ?? code))
    retryIn(bye?.after_ms ?? backoff(failures, options.random))
    // A browser can't see why a handshake failed. It may be the login: that is
    // tried once, beside the usual waiting, and not again for a while.
    const pause = code === 4001 ? expiryPause : opened ? Infinity : renewalPause
    if (options.now() - renewalTriedAt > pause) void renewThenConnect()
  }

  function lost() {
    drop()
    retryIn(backoff(failures, options.random))
  }

  function retryIn(ms: number) {
    failures++
    options.onConnection({ kind: 'waiting', at: options.now() + ms, offline: !options.isOnline() })
    after('retry', ms, connect)
  }

  function end(code: number) {
    ended = true
    clear('retry')
    options.onConnection({ kind: 'ended', code })
  }

  async function renewThenConnect() {
    renewalTriedAt = options.now()
    const { result } = await options.renew()
    if (stopped || ended || socket) return
    if (result === 'signed-out') end(4501)
    else if (result === 'renewed') connect()
    else renewalTriedAt = -Infinity
  }

  function planRenewal(ms: number) {
    after('renewal', Math.max(30 * second, ms - renewBefore), async () => {
      const mine = socket
      const answer = await options.renew()
      if (mine !== socket || !mine) return
      if (answer.result === 'signed-out') {
        drop()
        end(4501)
      } else planRenewal(answer.result === 'renewed' ? answer.expiresIn * second : 0)
    })
  }

  function hear() {
    heardAt = options.now()
    after('silence', pingSeconds * second + grace, lost)
  }

  function receive(text: string) {
    hear()
    let frame: LogEvent | LiveFrame
    try {
      frame = JSON.parse(text)
    } catch {
      return
    }
    if (typeof frame.seq === 'number') return take(frame as LogEvent)
    const message = frame.message as never
    switch (frame.name) {
      case 'welcome':
        return welcome(message)
      case 'reset':
        epoch = (message as Position).epoch
        return options.onReset({ epoch, seq: (message as { head: number }).head })
      case 'ready':
        return ready()
      case 'ping':
        return compare((message as { head: number }).head)
      case 'bye':
        bye = message
        return
      case 'reply':
      case 'error':
        return
      default:
        options.onLive(frame as LiveFrame)
    }
  }

  function welcome(message: Welcome) {
    if (message.user.id !== options.user) {
      drop()
      end(4501)
      return options.onOtherUser()
    }
    epoch = message.epoch
    pingSeconds = message.ping_seconds
    hear()
    planRenewal(Date.parse(message.expires_at) - options.now())
  }

  function ready() {
    live = true
    options.onConnection({ kind: 'live' })
    after('stable', stableAfter, () => (failures = 0))
    ack()
  }

  function take(event: LogEvent) {
    const result = options.onEvent(epoch, event)
    // The server never leaves a gap; should it happen, the replay of a new connection closes it.
    if (result === 'gap') lost()
    else if (!timers.ack && live) after('ack', ackEvery, ack)
  }

  /** The server's head may run ahead of us for a moment, but not from one ping to the next. */
  function compare(head: number) {
    if (live && lastPingHead > options.position().seq) return lost()
    lastPingHead = head
  }

  function ack() {
    const { seq } = options.position()
    if (seq > acked) send({ name: 'ack', message: { seq: (acked = seq) } })
  }

  function send(frame: object) {
    if (socket?.readyState === 1) socket.send(JSON.stringify(frame))
  }

  /** Something tells that the network or the person is back (or gone): look at once instead of waiting. */
  function wake(reason: WakeReason) {
    if (stopped) return
    if (ended) return reason === 'now' ? connect() : undefined
    if (!socket) return reason === 'offline' ? undefined : connect()
    if (!live) return
    const silent = options.now() - heardAt > pingSeconds * second + grace
    if (reason === 'online' || silent) return connect()
    send({ name: 'ping', id: 'probe', message: {} })
    after('silence', probeLimit, lost)
  }

  function stop() {
    stopped = true
    clear('retry')
    drop(1000)
  }

  connect()
  return { wake, stop }
}
