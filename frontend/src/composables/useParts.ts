import { computed } from 'vue'
import { dayNumber } from '@/statistics/days'
import { sum, type Part } from '@/statistics/series'
import { useFigures } from './useFigures'

/** Parts of a range as bars want them: a name, and a tick below those that begin something. */
export function useParts(parts: () => Part[]) {
  const { span, shortDay, month } = useFigures()
  const byDay = computed(() => parts().every(({ from, to }) => from === to))

  const ticked = computed(() =>
    parts().map((part, n) => {
      const before = parts()[n - 1]
      const opens = !before || before.from.slice(0, 7) !== part.from.slice(0, 7)
      const year = !before || before.from.slice(0, 4) !== part.from.slice(0, 4)
      const monthly = parts().length > 1 && dayNumber(part.to) - dayNumber(part.from) > 6
      const tick = byDay.value ? shortDay(part.from) : monthly && year ? part.from.slice(0, 4) : opens ? month(part.from) : ''
      return { tick, name: span(part), totals: part.totals }
    }),
  )
  const total = computed(() => sum(parts().map(({ totals }) => totals)))
  const days = computed(() => {
    const list = parts()
    return list.length > 0 ? dayNumber(list.at(-1)!.to) - dayNumber(list[0]!.from) + 1 : 1
  })
  return { ticked, total, days }
}
