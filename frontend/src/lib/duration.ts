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
