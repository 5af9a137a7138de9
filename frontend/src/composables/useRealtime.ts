import { storeToRefs } from 'pinia'
import { onScopeDispose } from 'vue'
import type { LogEvent, LogName } from '@/realtime/events'
import { useRealtimeStore } from '@/stores/realtime'

/**
 * The live log, for components and other scopes: what is heard here is let go
 * with the scope.
 *
 *   const { on, onReset, counts } = useRealtime()
 *   on('card.created', ({ message }) => upsert(message.note))
 *   onReset(reload)
 */
export function useRealtime() {
  const store = useRealtimeStore()
  const { connection, counts } = storeToRefs(store)

  function on<N extends LogName>(names: N | N[], listener: (event: LogEvent<N>) => void): () => void {
    const undos = [names].flat().map((name) => store.on(name as N, listener))
    const undo = () => undos.forEach((one) => one())
    onScopeDispose(undo)
    return undo
  }

  function onReset(callback: () => void): () => void {
    const undo = store.onReset(callback)
    onScopeDispose(undo)
    return undo
  }

  return { connection, counts, on, onReset, setCounts: store.setCounts, now: store.now }
}
