import type { RouteRecordRaw } from 'vue-router'
import { withWords } from '@/i18n'

export const adminRoutes: RouteRecordRaw[] = [
  { path: '/admin', name: 'admin', component: withWords(['admin', 'auth', 'inbox', 'settings'], () => import('@/views/AdminView.vue')), meta: { admin: true, title: 'admin.title' } },
]
