import type { Notification } from '@/api/notification'
import type { ToastInput } from '@/stores/toast'

export interface AlertOptions {
  /** Whether the person wants a toast or a sound of it at all, now. */
  wants: (item: Notification) => { toast: boolean; sound: boolean }
  /** Whether this browser made it itself. */
  isOwn: (item: Notification) => Promise<boolean>
  /** Whether this tab is one that people look at. */
  isVisible: () => boolean
  /** Whether somebody here must not be disturbed by anything. */
  isCalm: () => boolean
  /** Whether what it says is on the screen anyway. */
  isOnScreen: (item: Notification) => boolean
  /** Whether this tab, of all the tabs of the browser, is the one to tell it. */
  claim: (name: string) => Promise<boolean>
  /** How it stands by now; undefined of what was withdrawn. */
  current: (id: string) => Notification | undefined
  toast: (item: Notification) => ToastInput
  summary: (n: number, away: boolean) => ToastInput
  show: (toast: ToastInput) => () => void
  chime: () => void
}

const span = 5000
const most = 3
const remembered = 20
const summaryKey = 'inbox'

/**
 * Which of the new notifications pop up, and how. Each in one tab alone; more
 * than three within 5 s, or after an absence, become one toast that says how
 * many. An item that grows (three new cards instead of two) changes its toast
 * and counts once.
 */
export function createAlerts(options: AlertOptions) {
  let away = false
  const missed = new Map<string, Notification>()
  // What this tab has told in the last seconds, by item.
  const recent = new Map<string, { at: number; close: () => void }>()
  // The toasts that may still stand: under the mouse one stays for long.
  const standing = new Map<string, () => void>()
  let summarised = 0
  let summaryUntil = 0

  /** Something new is in the inbox. While `away` (the log is being caught up with) it is kept until the end of that. */
  function offer(item: Notification): void {
    if (away) missed.set(item.id, item)
    else void tell(item)
  }

  function setAway(now: boolean): void {
    away = now
    if (away || missed.size === 0) return
    // What was withdrawn meanwhile is no news any more.
    const items = [...missed.keys()].flatMap((id) => options.current(id) ?? [])
    missed.clear()
    void catchUp(items)
  }

  async function catchUp(items: Notification[]) {
    const won: Notification[] = []
    const told = await Promise.all(items.map(win))
    for (const [i, item] of items.entries()) if (told[i]) won.push(item)
    if (won.length <= most) for (const item of won) pop(item)
    else summarise(won.length, true)
  }

  async function tell(item: Notification) {
    if (!(await win(item))) return
    const now = options.current(item.id)
    if (now) pop(now)
  }

  /** Whether this tab is to show a toast of it; a sound goes with it, or alone where no tab is in sight. */
  async function win(item: Notification): Promise<boolean> {
    const wanted = options.wants(item)
    if (isSettled(item) || (!wanted.sound && !(wanted.toast && options.isVisible()))) return false
    if (await options.isOwn(item)) return false
    if (!(await options.claim(`${item.id} ${item.updated_at}`))) return false
    const onScreen = options.isVisible() && options.isOnScreen(item)
    if (onScreen || isSettled(options.current(item.id), true)) return false
    // Claimed first: no other tab of this browser is to disturb them either.
    if (options.isVisible() && options.isCalm()) return false
    if (wanted.sound) options.chime()
    return wanted.toast && options.isVisible()
  }

  function pop(item: Notification) {
    const now = Date.now()
    for (const [id, { at }] of recent) if (now - at >= span) recent.delete(id)
    if (now < summaryUntil) return summarise(summarised + (recent.has(item.id) ? 0 : 1), false, item)
    if (!recent.has(item.id) && recent.size >= most) {
      const count = recent.size + 1
      for (const { close } of recent.values()) close()
      return summarise(count, false, item)
    }
    const close = options.show(options.toast(item))
    recent.set(item.id, { at: now, close })
    standing.delete(item.id)
    standing.set(item.id, close)
    if (standing.size > remembered) standing.delete(standing.keys().next().value!)
  }

  function summarise(count: number, wasAway: boolean, item?: Notification) {
    const now = Date.now()
    if (item) recent.set(item.id, { at: now, close: () => {} })
    summarised = count
    summaryUntil = now + span
    options.show({ ...options.summary(count, wasAway), key: summaryKey })
  }

  /** Takes away the toasts of what was read, archived or withdrawn meanwhile, here or on another device. */
  function settle(): void {
    for (const [id, close] of standing) {
      if (!isSettled(options.current(id), true)) continue
      close()
      standing.delete(id)
    }
  }

  return { offer, setAway, settle }
}

function isSettled(item: Notification | undefined, whenGone = false): boolean {
  return item ? item.read_at !== null || item.archived_at !== null : whenGone
}
