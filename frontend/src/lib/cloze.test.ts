import { describe, expect, it } from 'vitest'
import { clozeNumbers, clozeText, parseCloze, wrapCloze, type ClozePart } from './cloze'

/** Parts as a short text: a cloze is <number:parts|hint>. */
const show = (parts: ClozePart[]): string =>
  parts.map((p) => (p.number === 0 && p.parts.length === 0 ? p.text : `<${p.number}:${show(p.parts)}${p.hint ? `|${p.hint}` : ''}>`)).join('')

describe('parseCloze', () => {
  it.each([
    ['', ''],
    ['no cloze', 'no cloze'],
    ['{{c1::Madrid}} is in {{c2::Spain}}', '<1:Madrid> is in <2:Spain>'],
    ['{{c1::Madrid::city}}', '<1:Madrid|city>'],
    ['{{c1::a::b::c}}', '<1:a|b::c>'],
    ['{{c1::a:b}}', '<1:a:b>'],
    ['{{c1::a::  two \n words }}', '<1:a|two words>'],
    ['{{c1::北京}}是首都', '<1:北京>是首都'],
    // braces in answers come in pairs
    ['{{c1::\\frac{a}{b}}}', '<1:\\frac{a}{b}>'],
    ['{{c1::\\frac{a}{b}}} {{c2::x}}', '<1:\\frac{a}{b}> <2:x>'],
    ['{{c1:: :-} }}', '<1: :-} >'],
    ['{{c1::{{c2::in}} out}}', '<1:<2:in> out>'],
    ['{{c1::{{c2::in}}}}', '<1:<2:in>>'],
    // what is none
    ['{{c1::}}', '{{c1::}}'],
    ['{{c1::  }}', '{{c1::  }}'],
    ['{{c1::::hint}}', '{{c1::::hint}}'],
    ['{{c1:a}}', '{{c1:a}}'],
    ['{{c::a}}', '{{c::a}}'],
    ['{{C1::a}}', '{{C1::a}}'],
    ['{{c1::never closed', '{{c1::never closed'],
    ['{{c1::open {{c2::closed}}', '{{c1::open <2:closed>'],
    ['{{c9999999999999999999999::a}}', '<1000:a>'],
  ])('%j', (text, parts) => {
    expect(show(parseCloze(text))).toBe(parts)
  })

  it('stops at a depth, and stays quick with what is hostile', () => {
    const start = performance.now()
    expect(clozeNumbers(parseCloze('{{c1::'.repeat(3000)))).toEqual([])
    expect(clozeNumbers(parseCloze(`${'{{c1::a'.repeat(12)}${'}}'.repeat(12)}`))).toEqual([1])
    parseCloze('{'.repeat(20_000))
    parseCloze('{{c1::a::'.repeat(2000))
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it('gives text and numbers', () => {
    const parts = parseCloze('{{c3::a}} b {{c1::c::hint}} {{c3::d}}')
    expect(clozeText(parts)).toBe('a b c d')
    expect(clozeNumbers(parts)).toEqual([1, 3])
    expect(clozeNumbers(parseCloze('{{c0::a}}'))).toEqual([0])
  })
})

describe('wrapCloze', () => {
  const wrap = (marked: string, same = false) => {
    const from = marked.indexOf('‹')
    const to = marked.indexOf('›') - 1
    const result = wrapCloze(marked.replace(/[‹›]/g, ''), from, to, same)
    return `${result.value.slice(0, result.from)}|${result.value.slice(result.from)}`
  }
  it.each([
    ['‹Madrid› is a city', false, '{{c1::Madrid}}| is a city'],
    ['‹Madrid ›is a city', false, '{{c1::Madrid}}| is a city'],
    ['{{c1::Madrid}} in ‹Spain›', false, '{{c1::Madrid}} in {{c2::Spain}}|'],
    ['{{c1::Madrid}} in ‹Spain›', true, '{{c1::Madrid}} in {{c1::Spain}}|'],
    ['a ‹›', false, 'a {{c1::|}}'],
    ['‹a› b', true, '{{c1::a}}| b'],
  ])('%s same=%s', (marked, same, result) => {
    expect(wrap(marked, same)).toBe(result)
  })
})
