import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

const list = (value: unknown) => [value].flat().filter((one): one is string => typeof one === 'string' && one !== '')

/** What is searched for stands in the address: `?q=hola&tag=verb`. It can be shared, and "back" finds it again. */
export function useNoteFilter() {
  const route = useRoute()
  const router = useRouter()
  const change = (query: Record<string, string | string[] | undefined>) => router.replace({ query: { ...route.query, ...query } })

  const words = computed({
    get: () => list(route.query.q)[0] ?? '',
    set: (q) => void change({ q: q || undefined }),
  })
  const tags = computed({
    get: () => list(route.query.tag),
    set: (tag) => void change({ tag }),
  })
  return {
    words,
    tags,
    /** In the words of the server's search, cut where it would refuse. */
    q: computed(() => [...tags.value.map((tag) => `tag:${tag}`), words.value].join(' ').trim().slice(0, 200)),
    isOn: computed(() => words.value !== '' || tags.value.length > 0),
    clear: () => change({ q: undefined, tag: undefined }),
  }
}
