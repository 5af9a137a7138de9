import { useToasts } from '@/stores/toast'
import { useErrorText } from './useErrorText'

/** For settings that save themselves when they change: does it, and says so only when it failed. */
export function useSave() {
  const toasts = useToasts()
  const errorText = useErrorText()

  return async (change: () => Promise<unknown>): Promise<boolean> => {
    try {
      await change()
      return true
    } catch (error) {
      toasts.show({ tone: 'error', title: errorText(error), key: 'save' })
      return false
    }
  }
}
