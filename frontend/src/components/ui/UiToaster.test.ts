import { enableAutoUnmount, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick } from 'vue'
import { i18n, setLocale } from '@/i18n'
import { useToasts } from '@/stores/toast'
import UiToaster from './UiToaster.vue'

enableAutoUnmount(afterEach)

async function open() {
  const toasts = useToasts()
  const wrapper = mount(defineComponent(() => () => h(UiToaster, { toasts: toasts.toasts, onDismiss: toasts.dismiss })), {
    global: { plugins: [i18n] },
    attachTo: document.body,
  })
  const titles = () => wrapper.findAll('[data-toast]').map((toast) => toast.find('p').text())
  return { toasts, wrapper, titles }
}

beforeEach(async () => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  await setLocale('en')
})

describe('toasts', () => {
  it('go after six seconds, or after their own time', async () => {
    const t = await open()
    t.toasts.show({ title: 'short' })
    t.toasts.show({ title: 'long', duration: 9000 })
    await nextTick()
    expect(t.titles()).toEqual(['short', 'long'])
    await vi.advanceTimersByTimeAsync(6000)
    expect(t.titles()).toEqual(['long'])
    await vi.advanceTimersByTimeAsync(3000)
    expect(t.titles()).toEqual([])
  })

  it('stay while one is under the mouse or has the focus', async () => {
    const t = await open()
    t.toasts.show({ title: 'one' })
    await nextTick()
    await t.wrapper.find('ol').trigger('pointerenter')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(t.titles()).toEqual(['one'])
    await t.wrapper.find('ol').trigger('pointerleave')
    await vi.advanceTimersByTimeAsync(6000)
    expect(t.titles()).toEqual([])
  })

  it('are three at most, and one for each key', async () => {
    const t = await open()
    for (const title of ['1', '2', '3', '4']) t.toasts.show({ title })
    t.toasts.show({ title: '5', key: 'k' })
    t.toasts.show({ title: '6', key: 'k' })
    await nextTick()
    expect(t.titles()).toEqual(['3', '4', '6'])
  })

  it('close with Esc, the newest first, and never take the focus', async () => {
    const t = await open()
    t.toasts.show({ title: '1' })
    t.toasts.show({ title: '2' })
    await nextTick()
    expect(document.activeElement).toBe(document.body)
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    await nextTick()
    expect(t.titles()).toEqual(['1'])
  })

  it('offer one deed, and close with it', async () => {
    const t = await open()
    const run = vi.fn()
    t.toasts.show({ title: 'Deleted', action: { label: 'Undo', run } })
    await nextTick()
    await t.wrapper.get('[data-toast] button').trigger('click')
    expect(run).toHaveBeenCalledOnce()
    expect(t.titles()).toEqual([])
  })
})
