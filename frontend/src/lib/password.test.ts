import { expect, it } from 'vitest'
import { suggestPassword } from './password'

it('is four groups of four, another one each time, without letters that look alike', () => {
  const made = Array.from({ length: 200 }, suggestPassword)
  for (const password of made) expect(password).toMatch(/^([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}$/)
  expect(new Set(made).size).toBe(200)
})
