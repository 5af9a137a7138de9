import type { Mark } from '@/api/notification'
import { useNotifications } from '@/stores/notification'
import { useToasts } from '@/stores/toast'
import { useErrorText } from './useErrorText'

/** Marks notifications and says so when the server refuses; true when all went well. */
export function useMark() {
  const notifications = useNotifications()
  const toasts = useToasts()
  const errorText = useErrorText()

  return async (change: Mark): Promise<boolean> => {
    try {
      await notifications.mark(change)
      return true
    } catch (error) {
      toasts.show({ tone: 'error', title: errorText(error), key: 'mark' })
      return false
    }
  }
}
