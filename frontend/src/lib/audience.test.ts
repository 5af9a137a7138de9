import { describe, expect, it } from 'vitest'
import { addNames, audienceOf, splitNames, unknownNames } from './audience'

describe('an audience', () => {
  const to = { mode: 'all', names: [], deck: 0 } as const
  it.each([
    [{ ...to }, { all: true }],
    [{ ...to, mode: 'online' }, { online: true }],
    [{ ...to, mode: 'users', names: ['ann'] }, { users: ['ann'] }],
    [{ ...to, mode: 'users' }, null],
    [{ ...to, mode: 'deck', deck: 12, names: ['ann'] }, { deck: 12 }],
    [{ ...to, mode: 'deck' }, null],
  ])('%j', (said, expected) => {
    expect(audienceOf(said as never)).toEqual(expected)
  })
})

describe('names', () => {
  it('are taken as people write them', () => {
    expect(splitNames(' ann, @bob;\ncarla 王伟、李娜，')).toEqual(['ann', 'bob', 'carla', '王伟', '李娜'])
    expect(splitNames(' , ')).toEqual([])
  })

  it('are each there once', () => {
    expect(addNames(['ann'], ['Ann', 'bob', 'BOB'])).toEqual(['ann', 'bob'])
    const same = ['ann']
    expect(addNames(same, ['ANN'])).toBe(same)
  })

  it('that nobody has are read from the refusal', () => {
    expect(unknownNames([{ field: 'to.users', message: 'unknown: bob, carla' }])).toEqual(['bob', 'carla'])
    expect(unknownNames([{ field: 'title', message: 'unknown: bob' }])).toEqual([])
    expect(unknownNames([])).toEqual([])
  })
})
