import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/error'

/**
 * The sentence for an error: ours for the codes we know, else the server's own,
 * else that something went wrong.
 */
export function useErrorText() {
  const { t, te } = useI18n()
  return (error: unknown): string => {
    if (!(error instanceof ApiError)) return t('common.error.unknown')
    if (error.code === 'rate_limited' && error.retryAfter) return t('common.error.rate_limited_in', { n: error.retryAfter }, error.retryAfter)
    const key = `common.error.${error.code}`
    if (te(key)) return t(key)
    return error.detail || t('common.error.unknown')
  }
}
