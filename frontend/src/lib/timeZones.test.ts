import { describe as group, expect, it } from 'vitest'
import { describe, listZones, searchZones } from './timeZones'

const winter = new Date('2026-01-01T12:00:00Z')
const summer = new Date('2026-07-01T12:00:00Z')

group('a zone', () => {
  it('is worded in the language of the person', () => {
    expect(describe('Europe/Vienna', 'en', winter)).toMatchObject({ city: 'Vienna', about: 'Europe · Central European Time', offset: 'UTC+1' })
    expect(describe('Asia/Shanghai', 'zh-CN', winter)).toMatchObject({ city: 'Shanghai', offset: 'UTC+8' })
    expect(describe('Asia/Shanghai', 'zh-CN', winter).about).toContain('中国')
  })

  it('tells the clock of this season', () => {
    expect(describe('Europe/Vienna', 'en', summer).offset).toBe('UTC+2')
  })

  it('that the browser does not know is its name', () => {
    expect(describe('Mars/Olympus_Mons', 'en', winter)).toMatchObject({ id: 'Mars/Olympus_Mons', city: 'Olympus Mons', offset: '' })
  })
})

group('the search', () => {
  const zones = listZones('en', winter)
  const first = (query: string) => searchZones(zones, query)[0]?.id

  it('finds by city, by part of the world, by name and by offset', () => {
    expect(first('vienna')).toBe('Europe/Vienna')
    expect(first('new york')).toBe('America/New_York')
    expect(searchZones(zones, 'europe central').map((zone) => zone.id)).toContain('Europe/Vienna')
    expect(searchZones(zones, 'utc+8').map((zone) => zone.id)).toContain('Asia/Shanghai')
    expect(searchZones(zones, '  ')).toHaveLength(zones.length)
    expect(searchZones(zones, 'atlantis')).toEqual([])
  })

  it('puts a city that begins so first', () => {
    expect(first('rome')).toBe('Europe/Rome')
  })
})
