import type { RouteRecordRaw } from 'vue-router'
import { withWords } from '@/i18n'

export const authRoutes: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: withWords(['auth'], () => import('@/views/SignInView.vue')), meta: { public: true, title: 'auth.signIn' } },
  { path: '/register', name: 'register', component: withWords(['auth'], () => import('@/views/RegisterView.vue')), meta: { public: true, title: 'auth.register' } },
  { path: '/setup', name: 'setup', component: withWords(['auth'], () => import('@/views/SetupView.vue')), meta: { public: true, title: 'auth.setupTitle' } },
]
