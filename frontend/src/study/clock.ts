/** The server's time in milliseconds, as far as it has told: the clock of this device may be wrong. */
export function createClock(local: () => number = Date.now) {
  let ahead = 0
  return {
    now: () => local() + ahead,
    /** This was the server's time a moment ago: what came of it is never in the server's future. */
    told: (time: string) => void (ahead = Date.parse(time) - local()),
  }
}
export type Clock = ReturnType<typeof createClock>

/** More than ten minutes before one card is no thinking: somebody was away. */
export const longestAnswer = 10 * 60_000

/** How long a card has been looked at, in milliseconds. `tick` is a clock that only goes forward. */
export function createStopwatch(tick: () => number) {
  let gathered = 0
  let since: number | null = null
  const running = () => (since === null ? 0 : tick() - since)
  return {
    restart() {
      gathered = 0
      since = tick()
    },
    pause() {
      gathered += running()
      since = null
    },
    resume() {
      since ??= tick()
    },
    read: () => Math.min(longestAnswer, Math.max(0, Math.round(gathered + running()))),
  }
}
