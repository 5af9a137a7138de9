// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = join(import.meta.dirname, '..')

function words(locale: string): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'string') found.set(path, value)
    else for (const [key, inner] of Object.entries(value as object)) walk(inner, `${path}.${key}`)
  }
  for (const file of readdirSync(join(src, 'i18n', locale))) {
    if (file.endsWith('.json')) walk(JSON.parse(readFileSync(join(src, 'i18n', locale, file), 'utf8')), file.slice(0, -5))
  }
  return found
}

const code = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(vue|ts)$/.test(file) && !/\.test\.ts$|\.d\.ts$/.test(file))
  .map((file) => readFileSync(join(src, file), 'utf8'))
  .join('\n')

const en = words('en')
const zh = words('zh-CN')
const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort()

describe('the words of the app', () => {
  it('are the same keys in both languages', () => {
    expect([...en.keys()].filter((key) => !zh.has(key)), 'missing in zh-CN').toEqual([])
    expect([...zh.keys()].filter((key) => !en.has(key)), 'missing in en').toEqual([])
  })

  it('are not empty, and name the same values', () => {
    for (const [key, text] of en) {
      expect(text.trim(), key).not.toBe('')
      expect(zh.get(key)?.trim(), key).not.toBe('')
      expect(names(zh.get(key) ?? ''), key).toEqual(names(text))
    }
  })

  it('exist for every key that the code names', () => {
    const asked = [...code.matchAll(/\bt\(\s*'([\w.-]+)'/g), ...code.matchAll(/keypath="([\w.-]+)"/g)].map((m) => m[1]!)
    expect(asked.filter((key) => !en.has(key))).toEqual([])
  })

  it('exist for every family of keys that the code builds', () => {
    const families = [...code.matchAll(/\bt\(\s*`([\w.-]+)\$\{/g)].map((m) => m[1]!)
    expect(families.filter((start) => ![...en.keys()].some((key) => key.startsWith(start)))).toEqual([])
  })

  it('are all used: a key stands whole in the code, or begins like a family `area.name.${…}`', () => {
    const literal = new Set([...code.matchAll(/['"`]([a-z]\w*(?:\.[\w-]+)+)['"`]/g)].map((m) => m[1]!))
    const families = [...code.matchAll(/`([a-z]\w*(?:\.[\w-]+)*\.[\w-]*)\$\{/g)].map((m) => m[1]!)
    expect([...en.keys()].filter((key) => !literal.has(key) && !families.some((start) => key.startsWith(start)))).toEqual([])
  })
})
