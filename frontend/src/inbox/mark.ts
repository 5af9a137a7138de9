import type { Mark, Notification, NotificationFilter } from '@/api/notification'

/** What was marked, as the log tells it: of `ids`, or of all items up to one. */
export type Marked = Pick<Mark, 'ids' | 'up_to' | 'read' | 'archived'> & { seen?: boolean }

/** An item's place in the inbox: the number that its id ends in; the newest has the highest. */
export const place = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1))

export const covers = (mark: Marked, id: string): boolean =>
  mark.up_to !== undefined ? place(id) <= place(mark.up_to) : (mark.ids?.includes(id) ?? false)

/** The item after a mark; the same object when the mark changes nothing in it. */
export function marked(item: Notification, mark: Marked, at: string): Notification {
  const seen = mark.seen || mark.read || mark.archived
  const next = {
    seen_at: item.seen_at ?? (seen ? at : null),
    read_at: mark.read === undefined ? item.read_at : mark.read ? (item.read_at ?? at) : null,
    archived_at: mark.archived === undefined ? item.archived_at : mark.archived ? (item.archived_at ?? at) : null,
  }
  const same = next.seen_at === item.seen_at && next.read_at === item.read_at && next.archived_at === item.archived_at
  return same ? item : { ...item, ...next }
}

export function matches(item: Notification, filter: NotificationFilter): boolean {
  if (filter === 'archived') return item.archived_at !== null
  return item.archived_at === null && (filter === 'all' || item.read_at === null)
}

/** What an item adds to the badge. */
const weight = (item: Notification | undefined) => ({
  unread: item && !item.archived_at && !item.read_at ? 1 : 0,
  unseen: item && !item.archived_at && !item.seen_at ? 1 : 0,
})

/** The counts after an item has become another, as far as one can tell before the server says. */
export function recount(counts: { unread: number; unseen: number }, before: Notification | undefined, after: Notification | undefined) {
  const [was, is] = [weight(before), weight(after)]
  return {
    unread: Math.max(0, counts.unread + is.unread - was.unread),
    unseen: Math.max(0, counts.unseen + is.unseen - was.unseen),
  }
}
