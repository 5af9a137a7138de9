import type { RouteRecordRaw } from 'vue-router'
import { withWords } from '@/i18n'

export const todayRoutes: RouteRecordRaw[] = [
  {
    path: '/study',
    name: 'today',
    component: withWords(['decks', 'today'], () => import('@/views/TodayView.vue')),
    meta: { title: 'common.nav.study' },
    beforeEnter: async (to) => to.redirectedFrom?.path !== '/' || (await import('../arrive')).arrive(),
  },
]
