export interface ElectionOptions<M> {
  /** Carries the user's id, so that two people in one browser never hear each other. */
  name: string
  locks: LockManager | undefined
  channel: ((name: string) => BroadcastChannel) | undefined
  /** This tab now leads: it opens the socket and tells the others. */
  onElected: () => void
  /** Another tab took over, because this one slept. */
  onDeposed: () => void
  onMessage: (message: M) => void
}

/**
 * One leader among the tabs of a browser. The lock goes to the next tab in the
 * moment the leader closes, crashes or stops. Without locks (plain http in a
 * local network) every tab leads itself and talks to nobody.
 */
export function createElection<M>(options: ElectionOptions<M>) {
  let leader = false
  let stopped = false
  let release = () => {}
  const giveUp = new AbortController()
  const channel = options.locks && options.channel?.(options.name)
  if (channel) channel.onmessage = ({ data }) => options.onMessage(data as M)

  function lead() {
    if (stopped || leader) return
    leader = true
    options.onElected()
    return new Promise<void>((resolve) => (release = resolve))
  }

  /** Waits for its turn; with `steal` it takes it from a leader that doesn't answer. */
  function stand(steal: boolean) {
    const wish: LockOptions = steal ? { steal } : { signal: giveUp.signal }
    options.locks!.request(options.name, wish, lead).catch(() => {
      if (stopped || !leader) return // given up while waiting
      leader = false
      options.onDeposed()
      stand(false)
    })
  }

  if (options.locks && channel) stand(false)
  else queueMicrotask(lead)

  return {
    get isLeader() {
      return leader
    },
    tell: (message: M) => channel?.postMessage(message),
    /** For a follower whose leader is silent: a phone may have put that tab to sleep with the lock in its hands. */
    takeOver: () => void (leader || stopped || !channel || stand(true)),
    stop() {
      stopped = true
      leader = false
      giveUp.abort()
      release()
      channel?.close()
    },
  }
}
