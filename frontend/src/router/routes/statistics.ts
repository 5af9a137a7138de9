import type { RouteRecordRaw } from 'vue-router'
import { withWords } from '@/i18n'

export const statisticsRoutes: RouteRecordRaw[] = [
  { path: '/statistics', name: 'statistics', component: withWords(['statistics'], () => import('@/views/StatisticsView.vue')), meta: { title: 'common.nav.statistics' } },
]
