// @vitest-environment node
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

function theme(selector: string): Record<string, string> {
  const from = css.indexOf(selector)
  const block = css.slice(css.indexOf('{', from), css.indexOf('}', from))
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((m) => [m[1]!, m[2]!]))
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const grounds = ['paper', 'surface', 'sunken', 'hover']
const states = ['due', 'learning', 'new', 'danger']
const pairs: [front: string, back: string, least: number][] = [
  ...grounds.flatMap((g): [string, string, number][] => [
    ['ink', g, 7],
    ['ink-soft', g, 4.5],
    ['ink-faint', g, 4.5],
    ['accent', g, 4.5],
    ['danger', g, 4.5],
    ['line-strong', g, 3],
  ]),
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['on-danger', 'danger', 4.5],
  ['on-danger', 'danger-hover', 4.5],
  ['accent-ink', 'accent-soft', 4.5],
  ['ink', 'accent-soft', 7],
  ['ink-soft', 'accent-soft', 4.5],
  ...states.flatMap((s): [string, string, number][] => [
    [s, 'surface', 4.5],
    [s, 'paper', 4.5],
    [s, `${s}-soft`, 4.5],
    ['ink', `${s}-soft`, 7],
  ]),
]

describe.each([
  ['light', ':root.light'],
  ['dark', ':root.dark'],
])('contrast in the %s theme', (_, selector) => {
  const colours = theme(selector)
  it.each(pairs)('%s on %s is at least %d', (front, back, least) => {
    expect(contrast(colours[front]!, colours[back]!)).toBeGreaterThanOrEqual(least)
  })
})
