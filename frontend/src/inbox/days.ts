export interface Day<T> {
  /** 2026-01-31, in the person's time zone. */
  key: string
  items: T[]
}

/** Puts items that are sorted by time under their days; `dayKey` knows the time zone. */
export function groupByDay<T>(items: readonly T[], timeOf: (item: T) => string, dayKey: (time: string) => string): Day<T>[] {
  const days: Day<T>[] = []
  for (const item of items) {
    const key = dayKey(timeOf(item))
    const last = days.at(-1)
    if (last?.key === key) last.items.push(item)
    else days.push({ key, items: [item] })
  }
  return days
}
