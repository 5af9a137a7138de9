import type { RouteRecordRaw } from 'vue-router'
import { withWords } from '@/i18n'

export const decksRoutes: RouteRecordRaw[] = [
  { path: '/decks', name: 'decks', component: withWords(['decks'], () => import('@/views/DeckListView.vue')), meta: { title: 'decks.title' } },
  {
    path: '/decks/:id(\\d+)',
    name: 'deck',
    component: withWords(['decks', 'notes'], () => import('@/views/DeckView.vue')),
    props: ({ params }) => ({ id: Number(params.id) }),
    meta: { title: 'decks.deck' },
  },
  {
    path: '/decks/:id(\\d+)/settings',
    name: 'deck-settings',
    component: withWords(['decks', 'notes', 'schedule'], () => import('@/views/DeckSettingsView.vue')),
    props: ({ params }) => ({ id: Number(params.id) }),
    meta: { title: 'decks.howIStudy' },
  },
  {
    path: '/decks/:id(\\d+)/study',
    name: 'study',
    component: withWords(['decks', 'notes', 'study'], () => import('@/views/StudyView.vue')),
    props: ({ params }) => ({ id: Number(params.id) }),
    meta: { title: 'decks.study', calm: true },
  },
]
