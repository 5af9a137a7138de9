import { acceptHMRUpdate, defineStore } from 'pinia'
import { computed, reactive, ref, shallowReactive } from 'vue'
import { listNotifications, markNotifications, type Mark, type Notification, type NotificationFilter } from '@/api/notification'
import { covers, marked, matches, place, recount, type Marked } from '@/inbox/mark'
import { useRealtimeStore } from './realtime'

/** How far a list has been loaded: down to `floor`; at the end it is 0. */
interface List {
  floor: number
  next: string | null
  loaded: boolean
  loading: boolean
  error: unknown
}
const unloaded = (): List => ({ floor: Infinity, next: null, loaded: false, loading: false, error: null })

/** Something new is in the inbox. */
type Alert = (item: Notification) => void

const mostIds = 500

/**
 * The inbox as far as this tab knows it. One copy of each item, patched by the
 * log, and three lists over them (all, unread, archived), loaded page by page.
 * An answer that is older than what the log has said since never wins.
 */
export const useNotifications = defineStore('notifications', () => {
  const realtime = useRealtimeStore()
  const items = shallowReactive(new Map<string, Notification>())
  // The seq that each item is known up to.
  const asOf = new Map<string, number>()
  const lists = reactive({ all: unloaded(), unread: unloaded(), archived: unloaded() })
  const sorted = computed(() => [...items.values()].sort((a, b) => place(b.id) - place(a.id)))
  let generation = 0
  // What the log said while pages were on their way; those may be older.
  let loading = 0
  let meanwhile: { seq: number; change: (item: Notification) => Notification | undefined }[] = []

  // How many surfaces show the newest items just now: the inbox, the bell's panel.
  const onScreen = ref(0)
  let alerts: Alert[] = []
  let early: Notification[] = []

  realtime.on('notification.created', ({ seq, message }) => {
    put(message.notification, seq)
    alert(message.notification)
  })
  realtime.on('notification.updated', ({ seq, message }) => {
    put(message.notification, seq)
    if (message.alert) alert(message.notification)
  })
  realtime.on('notification.marked', ({ seq, time, message }) => change(seq, (item) => (covers(message, item.id) ? marked(item, message, time) : item)))
  realtime.on('notification.recalled', ({ seq, message }) => change(seq, (item) => (message.ids.includes(item.id) ? undefined : item)))
  realtime.onReset(startOver)

  function put(item: Notification, seq: number) {
    if ((asOf.get(item.id) ?? -1) >= seq) return
    items.set(item.id, item)
    asOf.set(item.id, seq)
  }

  function change(seq: number, change: (item: Notification) => Notification | undefined) {
    if (loading > 0) meanwhile.push({ seq, change })
    for (const item of items.values()) {
      if (asOf.get(item.id)! >= seq) continue
      const next = change(item)
      if (next) items.set(item.id, next)
      else items.delete(item.id)
      if (next !== item) asOf.set(item.id, seq)
    }
  }

  function alert(item: Notification) {
    if (alerts.length === 0) early.push(item)
    for (const hear of alerts) hear(items.get(item.id) ?? item)
  }

  /** Hears of everything new; what came before there was a listener at all is handed over at once. */
  function onAlert(hear: Alert): () => void {
    alerts = [...alerts, hear]
    for (const item of early.splice(0)) hear(items.get(item.id) ?? item)
    return () => (alerts = alerts.filter((other) => other !== hear))
  }

  /** Says that the newest items are in sight, until the undo that it hands back. */
  function watchScreen(): () => void {
    onScreen.value++
    return () => onScreen.value--
  }

  /** Loads the first page of a list, once. Errors stand in the list. */
  async function load(filter: NotificationFilter): Promise<void> {
    if (!lists[filter].loaded) await fetchPage(filter)
  }

  /** Loads the next page, if there is one. */
  async function more(filter: NotificationFilter): Promise<void> {
    const { loaded, next } = lists[filter]
    if (!loaded || next) await fetchPage(filter, next ?? undefined)
  }

  async function fetchPage(filter: NotificationFilter, before?: string) {
    const list = lists[filter]
    if (list.loading) return
    Object.assign(list, { loading: true, error: null })
    const mine = generation
    const counted = realtime.counts
    loading++
    try {
      const page = await listNotifications(filter, before)
      if (mine !== generation) return
      for (const item of page.items) take(item, page.head)
      if (realtime.counts === counted) realtime.setCounts(page)
      // `loaded` comes last: who waits for it finds the list complete.
      Object.assign(list, { next: page.next, floor: page.next ? place(page.items.at(-1)!.id) : 0, loaded: true })
    } catch (error) {
      list.error = error
    } finally {
      list.loading = false
      if (--loading === 0) meanwhile = []
    }
  }

  /** Takes an item of a page that was true at `head`. */
  function take(item: Notification, head: number) {
    if ((asOf.get(item.id) ?? -1) > head) return
    let now: Notification | undefined = item
    let seq = head
    for (const late of meanwhile) {
      if (late.seq <= head || !now) continue
      now = late.change(now)
      seq = late.seq
    }
    if (!now) return
    items.set(item.id, now)
    asOf.set(item.id, seq)
  }

  /** The items of a list, newest first. Those in `keep` stay in it although they were read meanwhile. */
  function list(filter: NotificationFilter, keep?: ReadonlySet<string>): Notification[] {
    const { floor } = lists[filter]
    return sorted.value.filter((item) => place(item.id) >= floor && (matches(item, filter) || (!item.archived_at && keep?.has(item.id))))
  }

  /**
   * Marks items here at once and on the server after that. When the server
   * refuses, what has not changed meanwhile is put back and the error thrown.
   */
  async function mark(body: Mark): Promise<void> {
    for (let i = mostIds; body.ids && i < body.ids.length; i += mostIds) await mark({ ...body, ids: body.ids.slice(i, i + mostIds) })
    const sent = body.ids ? { ...body, ids: body.ids.slice(0, mostIds) } : body
    const countsBefore = realtime.counts
    const undo = markHere(sent)
    const countsHere = realtime.counts
    try {
      const counts = await markNotifications(sent)
      // Counts that came with an event meanwhile are as new as these, or newer.
      if (realtime.counts === countsHere) realtime.setCounts(counts)
    } catch (error) {
      undo()
      if (realtime.counts === countsHere) realtime.setCounts(countsBefore)
      throw error
    }
  }

  function markHere(mark: Marked): () => void {
    const now = new Date().toISOString()
    const changed: [before: Notification, after: Notification][] = []
    let counts = realtime.counts
    for (const before of items.values()) {
      const after = covers(mark, before.id) ? marked(before, mark, now) : before
      if (after === before) continue
      changed.push([before, after])
      counts = recount(counts, before, after)
    }
    for (const [, after] of changed) items.set(after.id, after)
    // All that there is, also what was never loaded.
    const newest = sorted.value[0]
    if (mark.up_to && newest && covers(mark, newest.id)) {
      if (mark.read || mark.archived) counts = { unread: 0, unseen: 0 }
      else if (mark.seen) counts = { ...counts, unseen: 0 }
    }
    if (counts.unread !== realtime.counts.unread || counts.unseen !== realtime.counts.unseen) realtime.setCounts(counts)
    return () => {
      for (const [before, after] of changed) if (items.get(after.id) === after) items.set(before.id, before)
    }
  }

  /** The log was cut: what is here may be of another database. */
  function startOver() {
    generation++
    const open = (Object.keys(lists) as NotificationFilter[]).filter((filter) => lists[filter].loaded || lists[filter].loading)
    items.clear()
    asOf.clear()
    meanwhile = []
    for (const filter of open) {
      lists[filter] = unloaded()
      void load(filter)
    }
  }

  return { items, lists, onScreen, list, load, more, mark, onAlert, watchScreen }
})

if (import.meta.hot) import.meta.hot.accept(acceptHMRUpdate(useNotifications, import.meta.hot))
