import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { ApiError } from '@/api/error'
import { setLocale } from '@/i18n'
import { useRemovals, type Removal } from './removal'
import { useToasts } from './toast'

function removal(send: Removal['send'] = async () => {}) {
  return { key: 'note:1', title: 'Deleted', send: vi.fn(send), done: vi.fn(), failed: vi.fn() }
}
/** As UiToaster does it: away first, then the deed. */
function undo() {
  const toasts = useToasts()
  const toast = toasts.toasts.at(-1)!
  toasts.dismiss(toast.id)
  void toast.action?.run()
}
const settle = async () => {
  await nextTick()
  await Promise.resolve()
  await nextTick()
}

beforeEach(async () => {
  setActivePinia(createPinia())
  await setLocale('en')
})

describe('a removal', () => {
  it('hides at once, and sends nothing as long as it can be undone', async () => {
    const removals = useRemovals()
    const one = removal()
    removals.remove(one)
    await settle()
    expect(removals.isLeaving('note:1')).toBe(true)
    expect(one.send).not.toHaveBeenCalled()
    undo()
    await settle()
    expect(removals.isLeaving('note:1')).toBe(false)
    expect(one.send).not.toHaveBeenCalled()
  })

  it('is sent when its toast goes, for whatever reason', async () => {
    const removals = useRemovals()
    const toasts = useToasts()
    const one = removal()
    removals.remove(one)
    for (const title of ['a', 'b', 'c']) toasts.show({ title }) // pushes it out
    await settle()
    expect(one.send).toHaveBeenCalledExactlyOnceWith(false)
    expect(one.done).toHaveBeenCalledOnce()
    expect(removals.isLeaving('note:1')).toBe(false)
  })

  it('comes back with a reason when the server refuses, but not when it was gone already', async () => {
    const removals = useRemovals()
    const refused = removal(async () => {
      throw new ApiError({ status: 403, code: 'forbidden' })
    })
    removals.remove(refused)
    await removals.flush()
    expect(refused.failed).toHaveBeenCalledOnce()
    expect(refused.done).not.toHaveBeenCalled()
    expect(removals.isLeaving('note:1')).toBe(false)

    const gone = removal(async () => {
      throw new ApiError({ status: 404, code: 'not_found' })
    })
    removals.remove(gone)
    await removals.flush()
    expect(gone.done).toHaveBeenCalledOnce()
    expect(gone.failed).not.toHaveBeenCalled()
  })

  it('is sent as the page goes, so that it outlives it, and only once', async () => {
    const removals = useRemovals()
    const one = removal()
    removals.remove(one)
    dispatchEvent(new Event('pagehide'))
    dispatchEvent(new Event('pagehide'))
    await settle()
    expect(one.send).toHaveBeenCalledExactlyOnceWith(true)
  })
})
