import { expect, it } from 'vitest'
import { linkTarget } from './link'

it.each([
  ['/decks/12', { to: '/decks/12' }],
  ['https://example.org/x', { href: 'https://example.org/x' }],
  ['http://example.org', { href: 'http://example.org' }],
  ['', null],
  ['//example.org', null],
  ['/\\example.org', null],
  ['javascript:alert(1)', null],
  ['JaVaScRiPt:alert(1)', null],
  ['data:text/html,x', null],
  ['https://', null],
  ['decks/12', null],
])('%j leads to %j', (link, target) => {
  expect(linkTarget(link)).toEqual(target)
})
