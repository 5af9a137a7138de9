import { onScopeDispose, toValue, watchEffect, type MaybeRefOrGetter } from 'vue'
import { usePage } from '@/stores/page'

/** For views that show one named thing: its name is the page's title while it is open. Empty leaves the route's own. */
export function usePageTitle(title: MaybeRefOrGetter<string>): void {
  const page = usePage()
  watchEffect(() => (page.title = toValue(title)))
  onScopeDispose(() => (page.title = ''))
}
