import type { RouteRecordRaw } from 'vue-router'
import { withWords } from '@/i18n'

export const settingsRoutes: RouteRecordRaw[] = [
  { path: '/settings', name: 'settings', component: withWords(['auth', 'schedule', 'settings'], () => import('@/views/SettingsView.vue')), meta: { title: 'settings.title' } },
]
