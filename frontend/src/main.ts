import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { onSignedOut } from './api/http'
import App from './App.vue'
import { guessLocale, i18n, isLocale, setLocale } from './i18n'
import { leave } from './leave'
import { router } from './router'
import { usePage } from './stores/page'
import { useRealtimeStore } from './stores/realtime'
import { useSession } from './stores/session'
import './styles/base.css'

const app = createApp(App)
app.use(createPinia())
app.use(PiniaColada, {})
app.use(i18n)
app.use(router)

const session = useSession()

onSignedOut(() => leave('expired'))
session.onOtherTab(() => location.reload())

// Without this the import would fail with an error of its own. Nothing reloads by itself: somebody may be writing.
addEventListener('vite:preloadError', (event) => {
  event.preventDefault()
  // Without a network nothing can be fetched, and a reload would only lose the page.
  if (useRealtimeStore().connection.kind !== 'waiting') usePage().stale = true
})

// The first page could not be fetched: there is nothing to stay on.
router.onError((_error, _to, from) => {
  if (from.matched.length === 0) session.status = 'unreachable'
})

const words = setLocale(guessLocale())
await Promise.all([words, router.isReady().catch(() => {})])
if (isLocale(session.user?.locale)) await setLocale(session.user.locale)
app.mount('#app')
