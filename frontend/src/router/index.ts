import { createRouter, createWebHistory } from 'vue-router'
import { useSession } from '@/stores/session'
import { adminRoutes } from './routes/admin'
import { authRoutes } from './routes/auth'
import { decksRoutes } from './routes/decks'
import { inboxRoutes } from './routes/inbox'
import { settingsRoutes } from './routes/settings'
import { statisticsRoutes } from './routes/statistics'
import { todayRoutes } from './routes/today'

declare module 'vue-router' {
  interface RouteMeta {
    /** For who is not signed in; who is goes home instead. Without layout. */
    public?: boolean
    /** For admins; for everybody else the page does not exist. */
    admin?: boolean
    /** The key of the page's title. */
    title?: string
    /** The page has the screen to itself: no side bar, and nothing of the inbox pops up or sounds. */
    calm?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', redirect: '/study' },
    ...todayRoutes,
    ...authRoutes,
    ...decksRoutes,
    ...inboxRoutes,
    ...statisticsRoutes,
    ...settingsRoutes,
    ...adminRoutes,
    { path: '/:path(.*)*', name: 'not-found', component: () => import('@/views/NotFoundView.vue'), meta: { title: 'common.notFound.title' } },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  const session = useSession()
  await session.load()
  if (session.status === 'in') {
    if (to.meta.public) return safePath(to.query.to) ?? { name: 'home' }
    if (to.meta.admin && !session.isAdmin) return { name: 'not-found', params: { path: to.path.slice(1).split('/') } }
    return true
  }
  if (session.status === 'unreachable') return true // App.vue says so instead of the page
  if (session.setup?.needed && to.name !== 'setup') return { name: 'setup', hash: to.hash }
  if (!to.meta.public) return { name: 'sign-in', query: to.path === '/' ? {} : { to: to.fullPath } }
  return true
})

/** A path of this site, or null: `//elsewhere` and `https:…` are none. */
export function safePath(path: unknown): string | null {
  return typeof path === 'string' && /^\/(?![/\\])/.test(path) ? path : null
}
