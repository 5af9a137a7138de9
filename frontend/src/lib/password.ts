// Without what looks alike: 0 and o, 1 and l.
const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

/** A password that can be read out: four groups of four, 80 bits. */
export function suggestPassword(): string {
  const picks = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => letters[byte % letters.length]!)
  return [0, 4, 8, 12].map((at) => picks.slice(at, at + 4).join('')).join('-')
}
