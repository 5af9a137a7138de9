/** The numbers of FSRS as people paste them: 21, or the 19 of the version before, with commas, spaces or brackets around. Null when they are none. */
export function parseWeights(text: string): number[] | null {
  const words = text.replace(/^\s*\[|\]\s*$/g, '').split(/[\s,;，；、]+/).filter(Boolean)
  const numbers = words.map((word) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : NaN))
  return (numbers.length === 21 || numbers.length === 19) && numbers.every(Number.isFinite) ? numbers : null
}

export const formatWeights = (weights: readonly number[]): string => weights.join(', ')
