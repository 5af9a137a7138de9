import type { RouteRecordRaw } from 'vue-router'
import { withWords } from '@/i18n'

export const inboxRoutes: RouteRecordRaw[] = [
  { path: '/inbox', name: 'inbox', component: withWords(['inbox', 'today'], () => import('@/views/InboxView.vue')), meta: { title: 'inbox.title' } },
]
