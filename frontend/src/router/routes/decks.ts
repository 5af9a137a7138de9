import type { RouteRecordRaw } from 'vue-router'

export const decksRoutes: RouteRecordRaw[] = [
  { path: '/decks', name: 'decks', component: () => import('@/views/DeckListView.vue'), meta: { title: 'decks.title' } },
  {
    path: '/decks/:id(\\d+)',
    name: 'deck',
    component: () => import('@/views/DeckView.vue'),
    props: ({ params }) => ({ id: Number(params.id) }),
    meta: { title: 'decks.deck' },
  },
]
