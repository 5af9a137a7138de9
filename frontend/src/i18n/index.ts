import { createI18n } from 'vue-i18n'

/**
 * The words of the app. One folder per language, one file per area; the file's
 * name is the first part of its keys: `t('auth.signIn')`. A language is loaded
 * as one chunk, and only when it is needed; the areas in `late` come with the
 * pages that use them.
 */
export const locales = ['en', 'zh-CN'] as const
export type Locale = (typeof locales)[number]

/** Languages by their own name, as a person looks for them. */
export const localeNames: Record<Locale, string> = { en: 'English', 'zh-CN': '简体中文' }

const storageKey = 'aoki.locale'
const chunks: Record<Locale, () => Promise<{ default: Record<string, unknown> }>> = {
  en: () => import('./en'),
  'zh-CN': () => import('./zh-CN'),
}

const late = import.meta.glob<Record<string, never>>(['./*/admin.json', './*/auth.json', './*/decks.json', './*/inbox.json', './*/notes.json', './*/schedule.json', './*/settings.json', './*/statistics.json', './*/study.json', './*/today.json'], { import: 'default' })
export type LateArea = 'admin' | 'auth' | 'decks' | 'inbox' | 'notes' | 'schedule' | 'settings' | 'statistics' | 'study' | 'today'
const areas = new Set<LateArea>()

export const i18n = createI18n({ legacy: false, locale: '', fallbackLocale: false, messages: {} as Record<string, never> })

/** The stored choice of this browser, else the first of its languages that we have, else English. */
export function guessLocale(): Locale {
  const stored = localStorage.getItem(storageKey)
  if (isLocale(stored)) return stored
  for (const language of navigator.languages) {
    if (/^zh\b/i.test(language)) return 'zh-CN'
    if (/^en\b/i.test(language)) return 'en'
  }
  return 'en'
}

export const isLocale = (value: unknown): value is Locale => locales.includes(value as Locale)

let switching: Promise<void> = Promise.resolve()

/** Loads the language, then switches everything to it: texts, formats, and `lang` for screen readers and fonts. */
export function setLocale(locale: Locale): Promise<void> {
  switching = switchTo(locale)
  return switching
}

async function switchTo(locale: Locale): Promise<void> {
  const global = i18n.global
  if (!global.availableLocales.includes(locale as never)) {
    global.setLocaleMessage(locale, (await chunks[locale]()).default as never)
  }
  await Promise.all([...areas].map((area) => addWords(locale, area)))
  global.locale.value = locale as never
  document.documentElement.lang = locale
  localStorage.setItem(storageKey, locale)
}

async function addWords(locale: Locale, area: LateArea): Promise<void> {
  const words = await late[`./${locale}/${area}.json`]!()
  if (words) i18n.global.mergeLocaleMessage(locale, { [area]: words } as never)
}

/** For routes: a page that comes with the words of these areas. */
export const withWords =
  <T>(needed: LateArea[], page: () => Promise<T>) =>
  async (): Promise<T> => {
    for (const area of needed) areas.add(area)
    const words = switching.then(() => {
      const locale = i18n.global.locale.value
      return isLocale(locale) ? Promise.all(needed.map((area) => addWords(locale, area))) : undefined
    })
    return (await Promise.all([page(), words]))[0]
  }

/** For code outside components (stores, plain functions). */
export const t = (key: string, values: Record<string, unknown> = {}): string => i18n.global.t(key, values)
