import { shallowRef } from 'vue'
import { newKey } from '@/api/http'

/** Something on its way to the server, with the Idempotency-Key of all attempts to get it there. */
export interface Waiting<T> {
  item: T
  key: string
}

/**
 * Sends one thing after the other, in order and each once, while people go on.
 * After a failure it stops, until `run`. What failed is offered to `takeBack`
 * when nothing else waits; it comes again under the same key as long as it is
 * the same. `keep` is told whatever has to survive the page.
 */
export function useSendQueue<T, R>(options: {
  send: (item: T, key: string) => Promise<R>
  sent: (result: R) => unknown
  takeBack: (item: T, error: unknown) => boolean
  keep: (waiting: Waiting<T>[], back: Waiting<T> | undefined) => void
  waiting?: Waiting<T>[]
  back?: Waiting<T>
}) {
  const waiting = shallowRef<Waiting<T>[]>(options.waiting ?? [])
  const error = shallowRef<unknown>(null)
  const running = shallowRef(false)
  let back = options.back

  function change(next: Waiting<T>[], takenBack?: Waiting<T>) {
    waiting.value = next
    back = takenBack
    options.keep(next, back)
  }
  const same = (a: T, b: T) => JSON.stringify(a) === JSON.stringify(b)

  function add(item: T): Promise<void> {
    const key = back && same(back.item, item) ? back.key : newKey()
    change([...waiting.value, { item, key }])
    return run()
  }

  async function run(): Promise<void> {
    if (running.value) return
    running.value = true
    error.value = null
    try {
      for (let next = waiting.value[0]; next; next = waiting.value[0]) {
        const result = await options.send(next.item, next.key)
        change(waiting.value.filter((one) => one !== next), back)
        await options.sent(result)
      }
    } catch (problem) {
      const [first, ...rest] = waiting.value
      if (first && rest.length === 0 && options.takeBack(first.item, problem)) change([], first)
      else error.value = problem
    } finally {
      running.value = false
    }
  }

  /** Takes one out, to be changed: it keeps its key unless it does. */
  function takeOut(one: Waiting<T>): T {
    change(waiting.value.filter((other) => other !== one), one)
    if (waiting.value.length === 0) error.value = null
    return one.item
  }

  return { waiting, error, running, add, run, takeOut }
}
