/** Round numbers from 0 to at least `max`: at most `count` steps of 1, 2 or 5 times a power of ten, and whole ones. */
export function ticks(max: number, count = 4): number[] {
  if (!(max > 0)) return [0, 1]
  const rough = max / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough - power * 1e-9)!)
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, n) => n * step)
}

/** Where the levels 2, 3 and 4 begin: quarters of the days that have answers, so that one huge day does not pale all others. */
export function thresholds(values: readonly number[]): [number, number, number] {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 1
  const second = Math.max(2, at(0.25))
  const third = Math.max(second + 1, at(0.5))
  return [second, third, Math.max(third + 1, at(0.75))]
}

/** 0 for none, then 1 to 4. */
export const levelOf = (value: number, steps: readonly number[]): number => (value > 0 ? 1 + steps.filter((step) => value >= step).length : 0)

/** How wide a text of the small type is at most, in px: letters, or characters as wide as they are high. */
export const textWidth = (text: string): number => [...text].reduce((width, letter) => width + (letter > '\u2e7f' ? 13.5 : 8.2), 0)

/** Which of so many labels fit when each needs so much room: every n-th, the first always. */
export function everyNth(labels: number, width: number, room: number): number {
  return Math.max(1, Math.ceil((labels * room) / Math.max(width, 1)))
}

/** A part of a whole in percent: 0 only for nothing and 100 only for all. */
export function percent(part: number, whole: number): number {
  if (whole <= 0 || part <= 0) return 0
  if (part >= whole) return 100
  return Math.min(99, Math.max(1, Math.round((100 * part) / whole)))
}
