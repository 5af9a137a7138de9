import type { Schema } from '@/api/http'
import type { Connection, LiveFrame, LogEvent, Position } from './events'
import { createFeed } from './feed'
import { createElection } from './leader'
import { createSocket, type Renewed, type WakeReason } from './socket'

const answerLimit = 4000

/** What tabs say to each other. All but the last two come from the leader. */
type Relay =
  | { type: 'event'; epoch: string; event: LogEvent }
  | { type: 'live'; frame: LiveFrame }
  | { type: 'reset'; to: Position }
  | { type: 'connection'; connection: Connection; at: Position }
  | { type: 'hello' }
  | { type: 'wake'; reason: WakeReason }

export interface RealtimeOptions {
  user: number
  start: Position
  fetch: (from: Position) => Promise<Schema<'EventPage'>>
  renew: () => Promise<Renewed>
  onConnection: (connection: Connection) => void
  onEvent: (event: LogEvent) => void
  onLive: (frame: LiveFrame) => void
  onReset: () => void
  onOtherUser: () => void
  env: Environment
}

/** The browser, as far as this layer touches it. */
export interface Environment {
  locks: LockManager | undefined
  channel: ((name: string) => BroadcastChannel) | undefined
  open: (url: string) => WebSocket
  origin: string
  random: () => number
  now: () => number
  isOnline: () => boolean
  isVisible: () => boolean
  /** Calls back when something hints that the connection should be looked at; hands back its undo. */
  onHint: (hint: (reason: WakeReason | 'hide' | 'show') => void) => () => void
}

/**
 * The log of one user in this tab, from `start` on: each event once, in order,
 * with one socket for all tabs of the browser.
 */
export function createRealtime(options: RealtimeOptions) {
  const { env } = options
  let socket: ReturnType<typeof createSocket> | null = null
  let election: ReturnType<typeof createElection<Relay>> | null = null
  let connection: Connection = { kind: 'connecting' }
  let silence: ReturnType<typeof setTimeout> | undefined

  const feed = createFeed({
    start: options.start,
    fetch: options.fetch,
    deliver: options.onEvent,
    reset: options.onReset,
    random: env.random,
  })

  function setConnection(next: Connection) {
    connection = next
    options.onConnection(next)
  }
  const announce = () => election?.tell({ type: 'connection', connection, at: feed.position })

  function lead() {
    clearTimeout(silence)
    feed.stopCatchingUp()
    socket = createSocket({
      user: options.user,
      url: ({ epoch, seq }) => `${env.origin.replace(/^http/, 'ws')}/ws?${new URLSearchParams({ since: String(seq), epoch })}`,
      position: () => feed.position,
      renew: options.renew,
      onConnection(next) {
        setConnection(next)
        announce()
      },
      onEvent(epoch, event) {
        const result = feed.push(epoch, event)
        if (result === 'next') election?.tell({ type: 'event', epoch, event })
        return result
      },
      onLive(frame) {
        options.onLive(frame)
        election?.tell({ type: 'live', frame })
      },
      onReset(to) {
        feed.reset(to)
        election?.tell({ type: 'reset', to })
      },
      onOtherUser: options.onOtherUser,
      open: env.open,
      random: env.random,
      now: env.now,
      isOnline: env.isOnline,
    })
  }

  function hear(message: Relay) {
    if (message.type === 'hello') return election?.isLeader && announce()
    if (message.type === 'wake') return socket?.wake(message.reason)
    if (election?.isLeader) return // a late word of the leader before us
    clearTimeout(silence)
    switch (message.type) {
      case 'event':
        if (feed.push(message.epoch, message.event) === 'gap') feed.catchUp({ epoch: message.epoch, seq: message.event.seq })
        break
      case 'live':
        options.onLive(message.frame)
        break
      case 'reset':
        feed.reset(message.to)
        break
      case 'connection':
        setConnection(message.connection)
        feed.catchUp(message.at)
    }
  }

  function begin() {
    election = createElection<Relay>({
      name: `aoki.live.${options.user}`,
      locks: env.locks,
      channel: env.channel,
      onElected: lead,
      onDeposed: leaveSocket,
      onMessage: hear,
    })
    greet()
  }

  /** Asks the leader where it stands. One that says nothing while this tab is looked at is replaced. */
  function greet() {
    const asked = election
    asked?.tell({ type: 'hello' })
    clearTimeout(silence)
    silence = setTimeout(() => env.isVisible() && asked?.takeOver(), answerLimit)
  }

  function leaveSocket() {
    socket?.stop()
    socket = null
  }

  function rest() {
    leaveSocket()
    clearTimeout(silence)
    feed.stopCatchingUp()
    election?.stop()
    election = null
  }

  function wake(reason: WakeReason) {
    if (socket) return socket.wake(reason)
    election?.tell({ type: 'wake', reason })
    greet()
  }

  const forget = env.onHint((reason) => {
    if (reason === 'hide') rest()
    else if (reason !== 'show') wake(reason)
    else if (!election) begin()
  })
  begin()

  return {
    now: () => wake('now'),
    stop() {
      forget()
      rest()
    },
  }
}
