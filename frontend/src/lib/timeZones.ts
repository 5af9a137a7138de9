export interface Zone {
  /** The IANA name: Europe/Vienna. */
  id: string
  /** The place in words: Vienna. */
  city: string
  /** The part of the world, and what the zone is called: "Europe · Central European Time". */
  about: string
  /** What the clocks there are ahead of UTC: UTC+1. */
  offset: string
  words: string
}

/** All zones that the browser knows, worded in a language, by name; `now` decides between summer and winter time. */
export function listZones(locale: string, now: Date): Zone[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((id) => id !== 'UTC')].map((id) => describe(id, locale, now))
}

export function describe(id: string, locale: string, now: Date): Zone {
  const city = (id.split('/').at(-1) ?? id).replaceAll('_', ' ')
  const name = part(id, locale, 'longGeneric', now)
  const offset = part(id, 'en', 'shortOffset', now).replace('GMT', 'UTC')
  const about = [id.includes('/') ? id.slice(0, id.indexOf('/')) : '', name === city ? '' : name].filter(Boolean).join(' · ')
  // Often it names the country: "Austria Time".
  const country = part(id, locale, 'shortGeneric', now)
  return { id, city, about, offset, words: `${id} ${city} ${name} ${country} ${offset}`.toLocaleLowerCase() }
}

function part(timeZone: string, locale: string, timeZoneName: 'longGeneric' | 'shortGeneric' | 'shortOffset', now: Date): string {
  try {
    const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName }).formatToParts(now)
    return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  } catch {
    return '' // the server knows zones that this browser does not
  }
}

/** The zones that contain all the words asked for; cities that begin with them come first. */
export function searchZones(zones: Zone[], query: string): Zone[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const found = zones.filter((zone) => words.every((word) => zone.words.includes(word)))
  const begins = (zone: Zone) => words.length > 0 && zone.city.toLocaleLowerCase().startsWith(words[0]!)
  return [...found.filter(begins), ...found.filter((zone) => !begins(zone))]
}
