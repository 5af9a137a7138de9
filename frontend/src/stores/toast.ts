import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export interface ToastInput {
  title: string
  body?: string
  tone?: 'info' | 'error'
  /** The one deed that a toast offers ("Undo", "Open"). It closes the toast. */
  action?: { label: string; run: () => unknown }
  /** Milliseconds in sight; 6 s when not said. */
  duration?: number
  /** A toast with the same key is replaced instead of stacked. */
  key?: string
}
export interface Toast extends ToastInput {
  id: number
}

const most = 3

/** What has just happened, for a few seconds. Nobody has to catch a toast: whatever matters stands somewhere else too. */
export const useToasts = defineStore('toasts', () => {
  const toasts = shallowRef<Toast[]>([])
  let last = 0

  /** Shows it, the oldest of more than three gives way, and hands back how to take it away again. */
  function show(input: ToastInput): () => void {
    const toast = { ...input, id: ++last }
    toasts.value = [...toasts.value.filter((t) => !t.key || t.key !== input.key), toast].slice(-most)
    return () => dismiss(toast.id)
  }

  function dismiss(id: number) {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  return { toasts, show, dismiss }
})
