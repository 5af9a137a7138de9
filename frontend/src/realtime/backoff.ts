/** Full jitter: half a second, and a random part of a span that doubles with each failure; at most 20 s. */
export function backoff(failures: number, random: () => number): number {
  return Math.min(20_000, 500 + random() * 500 * 2 ** Math.min(failures, 10))
}
