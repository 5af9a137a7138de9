import * as v from 'valibot'
import { useI18n } from 'vue-i18n'

/** The server's rules for a new name and password, with words for people. */
export function useAccountRules() {
  const { t } = useI18n()
  const runes = (text: string) => [...text].length
  return {
    username: () =>
      v.pipe(
        v.string(),
        v.trim(),
        v.minLength(1, t('common.field.required')),
        v.check((name) => runes(name) <= 32, t('common.field.tooLong', { n: 32 }, 32)),
        v.regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u, t('auth.usernameInvalid')),
      ),
    password: () =>
      v.pipe(
        v.string(),
        v.minLength(1, t('common.field.required')),
        v.check((password) => runes(password) >= 8, t('common.field.tooShort', { n: 8 }, 8)),
        v.check((password) => runes(password) <= 256, t('common.field.tooLong', { n: 256 }, 256)),
      ),
    required: () => v.pipe(v.string(), v.minLength(1, t('common.field.required'))),
  }
}
