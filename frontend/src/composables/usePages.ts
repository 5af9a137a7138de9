import { ref, shallowRef } from 'vue'

/** A list that comes page by page: the first at once, the next ones by `more`, which also tries again what failed. */
export function usePages<T>(fetch: (after?: string) => Promise<{ items: T[]; next: string | null }>) {
  const items = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const loaded = ref(false)
  const loading = ref(false)
  const error = shallowRef<unknown>(null)
  let turn = 0

  async function load(after?: string) {
    const mine = ++turn
    loading.value = true
    error.value = null
    try {
      const page = await fetch(after)
      if (mine !== turn) return
      items.value = after ? [...items.value, ...page.items] : page.items
      next.value = page.next
      loaded.value = true
    } catch (problem) {
      if (mine === turn) error.value = problem
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  void load()
  return {
    items,
    next,
    loaded,
    loading,
    error,
    /** From the beginning. */
    reload: () => load(),
    more: () => (loading.value ? Promise.resolve() : load(loaded.value ? (next.value ?? undefined) : undefined)),
  }
}
