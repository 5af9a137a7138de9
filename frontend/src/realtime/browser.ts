import type { Environment } from './client'
import type { WakeReason } from './socket'

/** The real browser, for createRealtime. */
export function browser(): Environment {
  return {
    locks: navigator.locks,
    channel: typeof BroadcastChannel === 'undefined' ? undefined : (name) => new BroadcastChannel(name),
    open: (url) => new WebSocket(url),
    origin: location.origin,
    random: Math.random,
    now: Date.now,
    isOnline: () => navigator.onLine,
    isVisible: () => document.visibilityState === 'visible',
    onHint,
  }
}

function onHint(hint: (reason: WakeReason | 'hide' | 'show') => void): () => void {
  const undo = new AbortController()
  const listen = (target: EventTarget, name: string, run: (event: Event) => void) => target.addEventListener(name, run, { signal: undo.signal })
  listen(window, 'online', () => hint('online'))
  listen(window, 'offline', () => hint('offline'))
  listen(document, 'visibilitychange', () => document.visibilityState === 'visible' && hint('visible'))
  // A page in the browser's cache for "back" sleeps: it must hold no socket and no lock.
  listen(window, 'pagehide', () => hint('hide'))
  listen(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && hint('show'))
  return () => undo.abort()
}
