import type { RouteRecordRaw } from 'vue-router'
import { withWords } from '@/i18n'

export const settingsRoutes: RouteRecordRaw[] = [
  { path: '/settings', name: 'settings', component: withWords(['auth', 'inbox', 'schedule', 'settings'], () => import('@/views/SettingsView.vue')), meta: { title: 'settings.title' } },
]
