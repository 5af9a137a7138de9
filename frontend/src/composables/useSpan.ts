import { useI18n } from 'vue-i18n'
import { spanOf } from '@/study/span'

/** Lengths of time in the language of the person, from seconds. */
export function useSpan() {
  const { t, locale } = useI18n()

  /** For a button: "10 min", "4 d". */
  function short(seconds: number): string {
    const { n, unit } = spanOf(seconds)
    return t(`study.span.${unit}`, { n: new Intl.NumberFormat(locale.value).format(n) })
  }

  /** To be read: "10 minutes", "4 days". */
  function long(seconds: number): string {
    const { n, unit } = spanOf(seconds)
    return new Intl.NumberFormat(locale.value, { style: 'unit', unit, unitDisplay: 'long' }).format(n)
  }

  return { short, long }
}
