import { acceptHMRUpdate, defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import * as auth from '@/api/auth'
import { isSignedOut } from '@/api/error'
import { logHead } from '@/api/event'
import type { Schema } from '@/api/http'
import { getMe, updateMe, type Me } from '@/api/me'

export type Head = { epoch: string; seq: number; unread: number; unseen: number }
type Status = 'unknown' | 'in' | 'out' | 'unreachable'

/** Who is signed in here. It never navigates: the guard and main.ts do. */
export const useSession = defineStore('session', () => {
  const status = ref<Status>('unknown')
  const user = shallowRef<Me | null>(null)
  // Where the log stood before any page loaded a list: what is newer comes live, so nothing falls in between.
  const head = shallowRef<Head | null>(null)
  // Set while this page goes to the sign-in page: what ends meanwhile is no news.
  const leaving = ref(false)
  const setup = shallowRef<auth.SetupState | null>(null)
  const isAdmin = computed(() => user.value?.role === 'admin')
  let loading: Promise<void> | null = null

  /** Finds out once who is signed in; all who ask meanwhile wait for the same answer. */
  function load(): Promise<void> {
    if (status.value === 'in' || status.value === 'out') return Promise.resolve()
    loading ??= find().finally(() => (loading = null))
    return loading
  }

  async function find() {
    try {
      await enter()
    } catch (error) {
      if (!isSignedOut(error)) return void (status.value = 'unreachable')
      await leaveQuietly()
    }
  }

  async function leaveQuietly() {
    try {
      setup.value = await auth.setupState()
      status.value = 'out'
    } catch {
      status.value = 'unreachable'
    }
  }

  async function enter() {
    const [me, log] = await Promise.all([getMe(), logHead()])
    user.value = me
    status.value = 'in'
    head.value = { epoch: log.epoch, seq: log.head, unread: log.unread, unseen: log.unseen }
  }

  async function signIn(body: Schema<'LoginInput'>) {
    await auth.login(body)
    await arrive()
  }

  async function register(body: Schema<'RegisterInput'>, locale: Me['locale']) {
    await auth.register(body)
    await introduce(locale)
  }

  async function setUp(body: Schema<'SetupInput'>, locale: Me['locale']) {
    await auth.setup(body)
    await introduce(locale)
  }

  /** A new account takes the language and the time zone of the browser it was made in. */
  async function introduce(locale: Me['locale']) {
    const time_zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
    await updateMe({ locale, time_zone }).catch(() => updateMe({ locale }).catch(() => {}))
    await arrive()
  }

  async function arrive() {
    await enter()
    tellTabs(user.value?.id ?? null)
  }

  /** Ends the session on the server. Without an answer the person stays signed in, and is told so by the error. */
  async function signOut() {
    leaving.value = true
    try {
      await auth.logout()
    } catch (error) {
      if (!isSignedOut(error)) {
        leaving.value = false
        throw error
      }
    }
    tellTabs(null)
  }

  /** Changes the profile here and on the server. */
  async function update(change: Schema<'MeUpdate'>) {
    user.value = await updateMe(change)
  }

  // A channel never hears itself: only the other tabs are told.
  const channel = new BroadcastChannel('aoki.session')
  const tellTabs = (id: number | null) => channel.postMessage(id)

  /** Calls back when another tab of this browser signed in as someone else, or out: the cookies are shared. */
  function onOtherTab(callback: () => void): void {
    channel.onmessage = ({ data }) => {
      if (data !== (user.value?.id ?? null)) callback()
    }
  }

  return { status, user, head, leaving, setup, isAdmin, load, signIn, register, setUp, signOut, update, onOtherTab }
})

if (import.meta.hot) import.meta.hot.accept(acceptHMRUpdate(useSession, import.meta.hot))
