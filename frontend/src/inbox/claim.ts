/** The browser, as far as tabs have to agree. */
export interface TabEnvironment {
  locks: LockManager | undefined
  channel: BroadcastChannel | undefined
  focused: () => boolean
  visible: () => boolean
}

const unfocusedWait = 150
const hiddenWait = 400
const hold = 5000
const enough = 500

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * One tab of the browser gets a thing, the others don't: the one that has the
 * focus, else one in sight, else any. A lock decides where there are locks; a
 * word to the others is enough where not (plain http in a local network), and
 * for tabs that the browser lets sleep until the lock is gone.
 */
export function createClaim({ locks, channel, focused, visible }: TabEnvironment) {
  const taken = new Set<string>()
  const note = (name: string) => {
    if (taken.size >= enough) taken.clear()
    taken.add(name)
  }
  if (channel) channel.onmessage = ({ data }) => note(data as string)

  return async function claim(name: string): Promise<boolean> {
    if (!focused()) await sleep(visible() ? unfocusedWait : hiddenWait)
    if (taken.has(name)) return false
    const won = locks ? await lock(locks, name) : true
    note(name)
    if (won) channel?.postMessage(name)
    return won
  }
}

function lock(locks: LockManager, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    void locks.request(`aoki.alert.${name}`, { ifAvailable: true }, (held) => {
      resolve(held !== null)
      // Long enough for every tab that is awake to have asked.
      return held ? sleep(hold) : undefined
    })
  })
}
