import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { Me } from '@/api/me'
import { i18n, setLocale } from '@/i18n'
import { useSession } from '@/stores/session'
import { useDue } from './useDue'

beforeEach(() => setLocale('en'))
afterEach(() => vi.useRealTimers())

/** As seen at a moment, in Vienna: two hours ahead of UTC in May. */
function at(now: string) {
  vi.useFakeTimers({ now: new Date(now) })
  let due!: ReturnType<typeof useDue>
  const pinia = createPinia()
  const page = mount(
    defineComponent({
      setup() {
        useSession().user = { time_zone: 'Europe/Vienna' } as Me
        due = useDue()
        return () => h('div')
      },
    }),
    { global: { plugins: [pinia, i18n] } },
  )
  return { due, end: () => page.unmount() }
}

describe('when a card comes', () => {
  it.each([
    ['2026-05-13T10:00:00Z', '2026-05-13T09:00:00Z', 'now'],
    ['2026-05-13T10:00:00Z', '2026-05-13T10:00:30Z', 'now'],
    ['2026-05-13T10:00:00Z', '2026-05-13T10:09:10Z', 'in 10 minutes'],
    ['2026-05-13T10:00:00Z', '2026-05-13T12:30:00Z', '2:30 PM'],
    ['2026-05-13T10:00:00Z', '2026-05-14T02:30:00Z', 'tomorrow'], // half past four there
    ['2026-05-13T10:00:00Z', '2026-05-14T01:30:00Z', '3:30 AM'], // the day ends at four
    ['2026-05-13T23:00:00Z', '2026-05-14T08:00:00Z', 'tomorrow'], // one at night: still the 13th
    ['2026-05-13T10:00:00Z', '2026-05-21T02:00:00Z', 'in 8 days'],
    ['2026-05-13T10:00:00Z', '2026-07-21T02:00:00Z', 'Jul 21, 2026'],
  ])('at %s, %s is %s', (now, when, words) => {
    const { due, end } = at(now)
    expect(due.next(when).replaceAll('\u202f', ' ')).toBe(words)
    end()
  })

  it('depends on what the card is', () => {
    const { due, end } = at('2026-05-13T10:00:00Z')
    expect(due.dueOf({ state: 'new', due_at: null })).toBeNull()
    expect(due.dueOf({ state: 'review', due_at: '2026-05-13T12:30:00Z' })).toBe('today')
    expect(due.dueOf({ state: 'review', due_at: '2026-05-01T12:30:00Z' })).toBe('today')
    expect(due.dueOf({ state: 'learning', due_at: '2026-05-13T10:05:00Z' })).toBe('in 5 minutes')
    end()
  })
})
