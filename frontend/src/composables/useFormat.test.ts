import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { Me } from '@/api/me'
import { i18n, setLocale, type Locale } from '@/i18n'
import { useSession } from '@/stores/session'
import { useFormat } from './useFormat'

const now = '2026-03-10T00:30:00Z'

async function formats(locale: Locale, time_zone: string) {
  await setLocale(locale)
  useSession().user = { time_zone } as Me
  let made!: ReturnType<typeof useFormat>
  const host = defineComponent({
    setup() {
      made = useFormat()
      return () => h('div')
    },
  })
  mount(host, { global: { plugins: [i18n] } })
  return made
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(now) })
  setActivePinia(createPinia())
})

describe('formats', () => {
  it.each([
    ['Europe/Vienna', '2026-03-10', 'today'],
    ['America/New_York', '2026-03-09', 'today'],
    ['Asia/Shanghai', '2026-03-10', 'today'],
  ])('know the day in %s', async (zone, key, name) => {
    const format = await formats('en', zone)
    expect(format.dayKey(now)).toBe(key)
    expect(format.dayName(now)).toBe(name)
  })

  it('name yesterday by the calendar of the user, not by 24 hours', async () => {
    const late = '2026-03-09T22:30:00Z' // two hours ago: 23:30 in Vienna, 06:30 in Shanghai
    expect((await formats('en', 'Europe/Vienna')).dayName(late)).toBe('yesterday')
    expect((await formats('en', 'Asia/Shanghai')).dayName(late)).toBe('today')
  })

  it.each([
    ['en', '2026-03-10T00:29:50Z', 'now'],
    ['en', '2026-03-10T00:31:00Z', 'now'],
    ['en', '2026-03-10T00:25:00Z', '5 minutes ago'],
    ['zh-CN', '2026-03-10T00:25:00Z', '5分钟前'],
    ['en', '2026-03-09T21:30:00Z', '3 hours ago'],
    ['en', '2026-03-07T00:00:00Z', '3 days ago'],
    ['en', '2026-01-02T12:00:00Z', 'Jan 2, 2026'],
    ['zh-CN', '2026-01-02T12:00:00Z', '2026年1月2日'],
  ] as const)('say in %s how long ago %s was: %s', async (locale, time, said) => {
    expect((await formats(locale, 'Europe/Vienna')).relative(time)).toBe(said)
  })

  it('live with a time zone that the browser does not know', async () => {
    expect((await formats('en', 'Mars/Olympus')).number(1234)).toBe('1,234')
  })
})
