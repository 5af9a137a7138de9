import type { RouteRecordRaw } from 'vue-router'
import { withWords } from '@/i18n'

export const todayRoutes: RouteRecordRaw[] = [
  { path: '/study', name: 'today', component: withWords(['today'], () => import('@/views/TodayView.vue')), meta: { title: 'common.nav.study' } },
]
