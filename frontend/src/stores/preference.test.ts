import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import * as me from '@/api/me'
import { useTheme } from '@/composables/useTheme'
import { fakeLog } from '@/inbox/testing'
import { usePreferences } from './preference'
import { useRealtimeStore } from './realtime'
import { useSession } from './session'

vi.mock('@/realtime/client', () => fakeLog.module)
vi.mock('@/api/me')
const update = vi.mocked(me.updateMe)

const user = (preferences: object, change: Partial<me.Me> = {}): me.Me =>
  ({ id: 1, username: 'ann', role: 'user', locale: 'en', time_zone: 'UTC', preferences, created_at: '2026-01-01T00:00:00Z', ...change }) as me.Me
let session: ReturnType<typeof useSession>

function begin(preferences: object) {
  session.user = user(preferences)
  return usePreferences()
}
beforeEach(() => {
  setActivePinia(createPinia())
  vi.resetAllMocks()
  useRealtimeStore().start(1, { epoch: 'a', seq: 0, unread: 0, unseen: 0 })
  session = useSession()
})

// The theme is the browser's: a store that lives on would go on following it.
afterEach(() => usePreferences().$dispose())

describe('preferences', () => {
  it('change at once, and stay when the server agrees', async () => {
    const preferences = begin({ muted_decks: [1] })
    update.mockImplementation(async ({ preferences }) => user({ muted_decks: [1], ...preferences }))
    const saving = preferences.set({ shortcuts: false })
    expect(preferences.now.shortcuts).toBe(false)
    await saving
    expect(preferences.now).toMatchObject({ shortcuts: false, muted_decks: [1] })
    expect(update).toHaveBeenCalledExactlyOnceWith({ preferences: { shortcuts: false } })
  })

  it('are taken back when the server refuses', async () => {
    const preferences = begin({})
    update.mockRejectedValueOnce(new Error('refused'))
    await expect(preferences.set({ muted_decks: [7] })).rejects.toThrow('refused')
    expect(preferences.now.muted_decks).toEqual([])
  })

  it('keep the later of two changes while both are on their way', async () => {
    const preferences = begin({})
    const answers: ((now: me.Me) => void)[] = []
    update.mockImplementation(() => new Promise((resolve) => answers.push(resolve)))
    const first = preferences.set({ muted_decks: [1] })
    const second = preferences.set({ muted_decks: [1, 2] })
    answers[0]!(user({ muted_decks: [1] }))
    await first
    expect(preferences.now.muted_decks).toEqual([1, 2])
    answers[1]!(user({ muted_decks: [1, 2] }))
    await second
    expect(preferences.now.muted_decks).toEqual([1, 2])
  })

  it('follow other devices', () => {
    const preferences = begin({})
    fakeLog.say('me.updated', 1, { user: user({ quiet: { on: true, from: '21:00', to: '06:00' } }) })
    expect(preferences.now.quiet).toEqual({ on: true, from: '21:00', to: '06:00' })
    fakeLog.say('me.updated', 2, { user: user({}, { id: 2 }) })
    expect(session.user?.id).toBe(1)
  })
})

describe('the theme', () => {
  it('comes with the person, and goes to the server when it is chosen here', async () => {
    const { choice } = useTheme()
    choice.value = 'light'
    update.mockImplementation(async ({ preferences }) => user({ ...preferences }))
    begin({ theme: 'dark' })
    await nextTick()
    expect(choice.value).toBe('dark')
    expect(update).not.toHaveBeenCalled()
    choice.value = 'light'
    await nextTick()
    expect(update).toHaveBeenCalledExactlyOnceWith({ preferences: { theme: 'light' } })
  })

  it('of the browser stays when the person has none yet', async () => {
    const { choice } = useTheme()
    choice.value = 'dark'
    begin({})
    await nextTick()
    expect(choice.value).toBe('dark')
    expect(update).not.toHaveBeenCalled()
  })
})
