import { router } from './router'
import { useSession } from './stores/session'

/**
 * To the sign-in page, with the reason, and with the way back. It is a new page
 * load on purpose: nothing of the last person stays in memory.
 */
export function leave(why?: 'expired' | 'ended' | 'disabled'): void {
  const session = useSession()
  if (session.status !== 'in' || session.leaving) return
  session.leaving = true
  const query = new URLSearchParams(why ? { why } : {})
  const here = router.currentRoute.value
  if (why === 'expired' && !here.meta.public) query.set('to', here.fullPath)
  location.replace(`/sign-in${query.size > 0 ? `?${query}` : ''}`)
}
