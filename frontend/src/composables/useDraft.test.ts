import { beforeEach, describe, expect, it } from 'vitest'
import { effectScope } from 'vue'
import { useDraft } from './useDraft'

const name = 'aoki.draft.1.2'
/** One visit to the page. */
function visit<T>(run: (draft: ReturnType<typeof useDraft<{ Front: string }>>) => T): T {
  const scope = effectScope()
  const result = scope.run(() => run(useDraft(name)))!
  scope.stop()
  return result
}

beforeEach(() => sessionStorage.clear())

describe('a draft', () => {
  it('is there again after the page was left or loaded anew', () => {
    visit((draft) => draft.keep({ Front: 'half a th' }))
    visit((draft) => draft.keep({ Front: 'half a thought' }))
    expect(visit((draft) => draft.restored)).toEqual({ Front: 'half a thought' })
  })

  it('keeps the key of an attempt for the same content, and takes a new one for another', () => {
    visit((draft) => {
      draft.keep({ Front: 'hola' })
      expect(draft.keyFor('hola', 'k1')).toBe('k1')
    })
    visit((draft) => {
      expect(draft.keyFor('hola', 'k2')).toBe('k1')
      expect(draft.keyFor('adios', 'k3')).toBe('k3')
    })
  })

  it('is gone once it was saved', () => {
    visit((draft) => {
      draft.keep({ Front: 'hola' })
      draft.keyFor('hola', 'k1')
      draft.drop()
    })
    expect(sessionStorage.getItem(name)).toBeNull()
    expect(visit((draft) => draft.keyFor('hola', 'k2'))).toBe('k2')
  })

  it('is nothing when what is stored makes no sense', () => {
    sessionStorage.setItem(name, '{broken')
    expect(visit((draft) => draft.restored)).toBeUndefined()
  })
})
