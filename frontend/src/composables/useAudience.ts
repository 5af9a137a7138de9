import { ref, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { countAudience, type Audience, type PushPreview } from '@/api/push'
import { isApiError } from '@/api/error'
import { unknownNames } from '@/lib/audience'
import { useErrorText } from './useErrorText'

const pause = 400

/** Counts whom a push would reach, a moment after somebody stopped changing it. The last question wins, whatever answers first. */
export function useAudience(to: MaybeRefOrGetter<Audience | null>) {
  const errorText = useErrorText()
  const count = shallowRef<PushPreview | null>(null)
  const counting = ref(false)
  const failure = ref('')
  const unknown = ref<string[]>([])

  async function ask(audience: Audience, signal: AbortSignal) {
    try {
      const answer = await countAudience(audience, signal)
      if (!signal.aborted) count.value = answer
    } catch (error) {
      if (signal.aborted) return
      count.value = null
      unknown.value = isApiError(error) ? unknownNames(error.fields) : []
      failure.value = isApiError(error, 'validation_failed') ? (error.fields[0]?.message ?? error.detail) : errorText(error)
    } finally {
      if (!signal.aborted) counting.value = false
    }
  }

  watch(
    () => JSON.stringify(toValue(to)),
    (_, __, onCleanup) => {
      const audience = toValue(to)
      failure.value = ''
      unknown.value = []
      counting.value = audience !== null
      if (!audience) return void (count.value = null)
      const stop = new AbortController()
      const timer = setTimeout(() => void ask(audience, stop.signal), pause)
      onCleanup(() => {
        stop.abort()
        clearTimeout(timer)
      })
    },
    { immediate: true },
  )

  return { count, counting, failure, unknown }
}
