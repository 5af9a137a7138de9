import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { useShortcuts } from './useShortcuts'

const preferences = vi.hoisted(() => ({ now: { shortcuts: true } }))
vi.mock('@/stores/preference', () => ({ usePreferences: () => preferences }))

const press = vi.fn<(key: string) => void>()
let page: ReturnType<typeof mount> | undefined
const open = () =>
  (page = mount(
    defineComponent({
      setup() {
        useShortcuts({ ' ': () => press('space'), Enter: () => press('enter'), 1: () => press('1'), j: () => press('j') })
        return () => h('div', [h('button'), h('a', { href: '/' }), h('input'), h('p'), h('div', { role: 'menu' }, [h('span')])])
      },
    }),
    { attachTo: document.body },
  ))

function type(key: string, on = 'p', more: KeyboardEventInit = {}) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  document.querySelector(on)!.dispatchEvent(event)
  return event.defaultPrevented
}

afterEach(() => {
  page?.unmount()
  press.mockClear()
  preferences.now.shortcuts = true
  document.body.innerHTML = ''
})

describe('single keys', () => {
  it('are commands', () => {
    open()
    expect(type('1')).toBe(true)
    type(' ')
    expect(press.mock.calls).toEqual([['1'], ['space']])
  })

  it.each([
    ['while somebody writes', '1', 'input', {}],
    ['with Ctrl', '1', 'p', { ctrlKey: true }],
    ['with ⌘', '1', 'p', { metaKey: true }],
    ['with Alt', '1', 'p', { altKey: true }],
    ['in a menu', '1', 'span', {}],
    ['that nobody knows', 'constructor', 'p', {}],
    ['Space on a button, which it presses', ' ', 'button', {}],
    ['Enter on a link, which it follows', 'Enter', 'a', {}],
  ] as [string, string, string, KeyboardEventInit][])('are none %s', (_, key, on, more) => {
    open()
    expect(type(key, on, more)).toBe(false)
    expect(press).not.toHaveBeenCalled()
  })

  it('are others on a button all the same', () => {
    open()
    type('1', 'button')
    expect(press).toHaveBeenCalledOnce()
  })

  it('are none while a dialog is open, nor for whoever turned them off', () => {
    open()
    document.body.insertAdjacentHTML('beforeend', '<div role="dialog" data-state="open"></div>')
    type('1')
    document.querySelector('[role="dialog"]')!.remove()
    preferences.now.shortcuts = false
    type('1')
    expect(press).not.toHaveBeenCalled()
  })

  it('run once when they are held down', () => {
    open()
    type('1')
    expect(type('1', 'p', { repeat: true })).toBe(true)
    expect(press).toHaveBeenCalledOnce()
  })
})
