import type { RouteRecordRaw } from 'vue-router'

export const decksRoutes: RouteRecordRaw[] = []
