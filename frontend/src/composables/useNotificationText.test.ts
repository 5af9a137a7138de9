import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import type { Notification } from '@/api/notification'
import { i18n, setLocale, withWords, type Locale } from '@/i18n'
import { make } from '@/inbox/testing'
import { useNotificationText } from './useNotificationText'

async function text(locale: Locale, item: Notification) {
  await setLocale(locale)
  await withWords(['inbox'], async () => null)()
  let say!: ReturnType<typeof useNotificationText>
  mount(defineComponent({ setup: () => ((say = useNotificationText()), () => h('div')) }), { global: { plugins: [createPinia(), i18n] } })
  const { title, body } = say(item)
  return [title, body]
}

const due = (n: number) => make(1, { kind: 'cards.due', data: { deck_id: 12, deck: 'Spanish', due: n } })
const digest = (...decks: [name: string, due: number][]) =>
  make(1, {
    kind: 'cards.due',
    data: { due: decks.reduce((sum, [, n]) => sum + n, 0), deck_count: decks.length, decks: decks.map(([name, n], id) => ({ id, name, due: n })).slice(0, 20) },
  })

describe('cards that are due', () => {
  it.each([
    ['en', due(1), '1 card due in Spanish', ''],
    ['en', due(23), '23 cards due in Spanish', ''],
    ['zh-CN', due(1), '“Spanish”有 1 张卡片到期', ''],
    ['en', digest(['Spanish', 12], ['Go', 6]), '18 cards due in 2 decks', 'Spanish (12) and Go (6)'],
    ['en', digest(['Spanish', 12], ['Go', 6], ['Art', 5], ['Law', 2], ['Math', 1]), '26 cards due in 5 decks', 'Spanish (12), Go (6), Art (5), and 2 more'],
    ['zh-CN', digest(['Spanish', 12], ['Go', 6], ['Art', 5], ['Law', 2]), '4 个卡组共有 25 张卡片到期', '“Spanish”12 张、“Go”6 张、“Art”5 张和另外 1 个卡组'],
    ['en', make(1, { kind: 'cards.due', data: {}, title: 'The words of the server', body: 'as they are' }), 'The words of the server', 'as they are'],
    ['en', make(1, { data: { deck: 'Spanish', due: 3 }, title: 'From an admin' }), 'From an admin', ''],
  ] as const)('in %s: %#', async (locale, item, title, body) => {
    expect(await text(locale, item)).toEqual([title, body])
  })
})
