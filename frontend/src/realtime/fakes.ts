import { vi } from 'vitest'
import type { Environment } from './client'
import type { LogEvent, LogName } from './events'

/** A WebSocket that a test speaks through. */
export class FakeSocket {
  readyState = 0
  sent: { name: string; message: unknown }[] = []
  closedWith: number | undefined
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor(readonly url: string) {}

  get query() {
    return Object.fromEntries(new URL(this.url).searchParams)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close(code?: number) {
    this.closedWith = code
    this.readyState = 3
  }

  accept() {
    this.readyState = 1
    this.onopen?.()
  }
  say(name: string, message: unknown = {}, more: object = {}) {
    this.onmessage?.({ data: JSON.stringify({ name, message, ...more }) })
  }
  welcome(user = 5, epoch = 'e1', head = 10) {
    this.accept()
    const expires_at = new Date(Date.now() + 900_000).toISOString()
    this.say('welcome', { connection: 'c', user: { id: user, username: 'ann', role: 'user' }, epoch, head, ping_seconds: 25, expires_at })
  }
  /** Accepted, welcomed, ready. */
  live(seq = 10, epoch = 'e1') {
    this.welcome(5, epoch, seq)
    this.say('ready', { seq })
  }
  event(seq: number) {
    this.onmessage?.({ data: JSON.stringify(entry(seq)) })
  }
  lose(code = 1006) {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

export const entry = (seq: number, name: LogName = 'deck.updated') =>
  ({ name, seq, time: '2026-01-02T03:04:05Z', message: { deck: { id: 1, name: 'Spanish', description: '' } } }) as LogEvent

/** Locks and channels of one browser, shared by its tabs. */
export class FakeBrowser {
  private queues = new Map<string, { run: () => void; steal: boolean }[]>()
  private holders = new Map<string, { reject: (error: Error) => void }>()
  private channels = new Map<string, Set<FakeChannel>>()

  readonly locks = {
    request: (name: string, options: LockOptions, callback: () => unknown) =>
      new Promise<void>((resolve, reject) => {
        const run = () => {
          const holder = { reject }
          this.holders.set(name, holder)
          void Promise.resolve(callback()).then(() => {
            resolve()
            if (this.holders.get(name) === holder) this.free(name)
          })
        }
        if (options.steal) {
          this.holders.get(name)?.reject(new Error('stolen'))
          return run()
        }
        const wish = { run, steal: false }
        options.signal?.addEventListener('abort', () => {
          const queue = this.queues.get(name)
          if (queue?.includes(wish)) queue.splice(queue.indexOf(wish), 1)
          reject(new Error('aborted'))
        })
        if (this.holders.has(name)) this.queues.set(name, [...(this.queues.get(name) ?? []), wish])
        else queueMicrotask(() => (this.holders.has(name) ? this.queues.set(name, [...(this.queues.get(name) ?? []), wish]) : run()))
      }),
  } as unknown as LockManager

  readonly channel = (name: string) => {
    const all = this.channels.get(name) ?? new Set()
    this.channels.set(name, all)
    return new FakeChannel(all) as unknown as BroadcastChannel
  }

  /** The first tab of this channel hears nothing any more, as one that the system has put to sleep. */
  deafen(name: string) {
    const [first] = this.channels.get(name) ?? []
    if (first) first.onmessage = null
  }

  private free(name: string) {
    this.holders.delete(name)
    this.queues.get(name)?.shift()?.run()
  }
}

class FakeChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null
  constructor(private all: Set<FakeChannel>) {
    all.add(this)
  }
  postMessage(data: unknown) {
    for (const other of this.all) if (other !== this) queueMicrotask(() => this.all.has(other) && other.onmessage?.({ data: structuredClone(data) }))
  }
  close() {
    this.all.delete(this)
  }
}

/** One tab: its environment, the sockets it has opened, and a way to give it hints. */
export function fakeTab(browser?: FakeBrowser) {
  const sockets: FakeSocket[] = []
  let hint: Parameters<Environment['onHint']>[0] = () => {}
  const state = { online: true, visible: true }
  return {
    sockets,
    state,
    get socket() {
      return sockets.at(-1)!
    },
    hint: (reason: Parameters<typeof hint>[0]) => hint(reason),
    env: {
      locks: browser?.locks,
      channel: browser?.channel,
      open: (url: string) => {
        const socket = new FakeSocket(url)
        sockets.push(socket)
        return socket as unknown as WebSocket
      },
      origin: 'https://aoki.example',
      random: () => 0.5,
      now: () => Date.now(),
      isOnline: () => state.online,
      isVisible: () => state.visible,
      onHint: (callback) => {
        hint = callback
        return () => (hint = () => {})
      },
    } satisfies Environment as Environment,
  }
}

/** Lets promises and fake channels run. */
export const settle = () => vi.advanceTimersByTimeAsync(0)
