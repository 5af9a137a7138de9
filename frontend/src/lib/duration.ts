/** Steps as people type them: "1m 10m 1h 1d". In the program they are seconds. */
const units = { s: 1, m: 60, h: 3600, d: 86400 } as const
type Unit = keyof typeof units

const longest = units.d
const most = 10

export type StepsProblem = { problem: 'unknown'; word: string } | { problem: 'range'; word: string } | { problem: 'many' }

/** Seconds of each step, or the first thing that is wrong. A number alone means minutes; nothing at all is no step. */
export function parseSteps(text: string): number[] | StepsProblem {
  const steps: number[] = []
  for (const word of text.toLowerCase().split(/[\s,;，；、]+/).filter(Boolean)) {
    const [, amount, unit = 'm'] = /^(\d{1,9}(?:\.\d{1,4})?)([smhd])?$/.exec(word) ?? []
    if (amount === undefined) return { problem: 'unknown', word }
    const seconds = Math.round(Number(amount) * units[unit as Unit])
    if (seconds < 1 || seconds > longest) return { problem: 'range', word }
    steps.push(seconds)
  }
  return steps.length > most ? { problem: 'many' } : steps
}

/** The shortest way to type them, which parses to the same. */
export const formatSteps = (steps: readonly number[]): string => steps.map(formatStep).join(' ')

function formatStep(seconds: number): string {
  const unit = (['d', 'h', 'm'] as const).find((unit) => seconds % units[unit] === 0) ?? 's'
  return `${seconds / units[unit]}${unit}`
}

const day = 86_400
const scales: [below: number, unit: string, length: number, digits: number][] = [
  [60, 'second', 1, 0],
  [3600, 'minute', 60, 0],
  [day, 'hour', 3600, 1],
  [30.5 * day, 'day', day, 0],
  [365 * day, 'month', 30.4375 * day, 1],
  [Infinity, 'year', 365.25 * day, 1],
]

/** A length of time in words, as exact as people care: "10 minutes", "3 days", "1.5 years". */
export function inWords(seconds: number, locale: string): string {
  const found = scales.findIndex(([below, , length, digits]) => round(seconds / length, digits) * length < below)
  const [, unit, length, digits] = scales[found]!
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: digits }).format(round(seconds / length, digits))
}

const round = (n: number, digits: number) => Math.round(n * 10 ** digits) / 10 ** digits
