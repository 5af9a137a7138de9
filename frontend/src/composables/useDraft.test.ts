import { beforeEach, describe, expect, it } from 'vitest'
import { effectScope } from 'vue'
import { useDraft } from './useDraft'

const name = 'aoki.draft.1.2'
interface Draft {
  values: { Front: string }
  keys: string[]
}
/** One visit to the page. */
function visit<T>(run: (draft: ReturnType<typeof useDraft<Draft>>) => T): T {
  const scope = effectScope()
  const result = scope.run(() => run(useDraft<Draft>(name)))!
  scope.stop()
  return result
}

beforeEach(() => sessionStorage.clear())

describe('a draft', () => {
  it('is there again after the page was left or loaded anew', () => {
    visit((draft) => draft.keep({ values: { Front: 'half a th' } }))
    visit((draft) => draft.keep({ keys: ['k1'] }))
    expect(visit((draft) => draft.restored)).toEqual({ values: { Front: 'half a th' }, keys: ['k1'] })
  })

  it('writes at once what matters, also when its page has gone meanwhile', () => {
    visit((draft) => {
      draft.keep({ keys: ['k1'] }, true)
      expect(sessionStorage.getItem(name)).toContain('k1')
    })
    const late = visit((draft) => draft)
    late.keep({ keys: ['k2'] })
    expect(sessionStorage.getItem(name)).toContain('k2')
  })

  it('is gone once all of it is', () => {
    visit((draft) => draft.keep({ values: { Front: 'hola' }, keys: ['k1'] }))
    visit((draft) => draft.keep({ values: undefined, keys: undefined }))
    expect(sessionStorage.getItem(name)).toBeNull()
  })

  it.each(['{broken', 'null', '3'])('is empty when %s is stored', (stored) => {
    sessionStorage.setItem(name, stored)
    expect(visit((draft) => draft.restored.values)).toBeUndefined()
  })
})
