// Writes ts-fsrs.json.gz, the histories of TestTSFSRS as ts-fsrs computes them. In a folder outside the repository:
//
//   npm install ts-fsrs@5.4.2
//   cp …/models/fsrs/testdata/generate.mjs . && node generate.mjs …/models/fsrs/testdata/ts-fsrs.json.gz
//
// It writes the same each time. Left out is where ts-fsrs differs from Anki, which the Go package follows:
//
// - Days: ts-fsrs goes by the UTC date. So does the test, with a calendar of UTC and rollover at midnight.
// - First stabilities below 0.1, which ts-fsrs raises; weights of 19 numbers, whose w19 it raises from 0 to 0.01; weights of
//   which w17 and w18 would be lowered because of several relearning steps: none of these occur.
// - Steps of a day or more, which ts-fsrs counts as review, also where Hard makes them that long; halves of minutes, which it
//   rounds; maximum intervals, beyond which its Good and Easy may go; fuzz, whose seed is another: none of these occur.
// - "due" is null for Hard among several steps: ts-fsrs takes the mean of the first two at every step, in whole minutes. And for
//   Easy of a card in its steps, where ts-fsrs doesn't hold that it is a day more than what Good would be, if that matters.
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { createEmptyCard, fsrs, Rating, State } from 'ts-fsrs'

const START = Date.UTC(2022, 10, 29, 12, 30)
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const MAXIMUM = 36500
const BOUNDS = [
  [0.1, 100], [0.1, 100], [0.1, 100], [0.1, 100], [1, 10], [0.001, 4], [0.001, 4], [0.001, 0.75], [0, 4.5], [0, 0.8], [0.001, 3.5],
  [0.001, 5], [0.001, 0.25], [0.001, 0.9], [0, 4], [0, 1], [1, 6], [0, 2], [0, 2], [0.01, 0.8], [0.1, 0.8],
]
const STEPS = [[1, 10], [1, 10], [], [4], [10], [1, 6, 30], [30, 720], [900]]
const RELEARNING = [[10], [10], [], [4], [600]]

let seed = 20221129
function random() { // mulberry32
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
const pick = (list) => list[Math.floor(random() * list.length)]
const digits = (x, n) => Number(x.toFixed(n))
const precise = (x) => Number(x.toPrecision(7))

function weights(scheduler) {
  const kind = random()
  if (kind < 0.5) return undefined // the default
  const near = kind < 0.75 // a little off the default; else anything within the bounds
  const w = BOUNDS.map(([low, high], i) => {
    const x = near ? scheduler.parameters.w[i] * (0.7 + 0.6 * random()) : low + (high - low) * random()
    return digits(Math.min(Math.max(x, low), high), 4)
  })
  return [...w.slice(0, 4).sort((a, b) => a - b), ...w.slice(4)]
}

// when is some time that a person might answer at: at once, on the same day, early, when due, late.
function when(card, last) {
  const due = Math.max(card.due.getTime(), last)
  const kind = random()
  if (kind < 0.45) return due
  if (kind < 0.55) return due + Math.floor(random() * 12 * 60) * MINUTE
  if (kind < 0.65) return last + Math.floor(random() * 6 * 60) * MINUTE
  if (kind < 0.8) return last + Math.floor((random() * (due - last)) / MINUTE) * MINUTE
  return due + Math.floor(random() * random() * 400 * 24 * 60) * MINUTE
}

function history() {
  const steps = pick(STEPS)
  const relearning = pick(RELEARNING)
  const w = weights(fsrs())
  const retention = random() < 0.4 ? 0.9 : digits(0.7 + 0.29 * random(), 2)
  const minutes = (list) => list.map((m) => `${m}m`)
  const scheduler = fsrs({
    w, request_retention: retention, maximum_interval: MAXIMUM, enable_fuzz: false,
    learning_steps: minutes(steps), relearning_steps: minutes(relearning),
  })
  if (w && scheduler.parameters.w.some((x, i) => x !== w[i])) throw new Error('ts-fsrs has changed the weights')
  const answers = []
  let card = createEmptyCard(new Date(START))
  let at = START
  for (let n = 3 + Math.floor(random() * 12); n > 0; n--) {
    const rating = pick([1, 2, 3, 3, 3, 4])
    const all = scheduler.repeat(card, new Date(at))
    const next = all[rating].card
    const inSteps = card.state !== State.Review
    const list = card.state === State.Relearning ? relearning : steps
    const days = next.scheduled_days
    const leftOut = (inSteps && rating === Rating.Hard && list.length > 1)
      || (inSteps && rating === Rating.Easy && days <= scheduler.next_interval(all[Rating.Good].card.stability, 0))
      || days >= MAXIMUM
    answers.push([
      (at - START) / MINUTE, rating, next.state, precise(next.stability), precise(next.difficulty),
      leftOut ? null : (next.due.getTime() - at) / MINUTE, next.lapses,
    ])
    if (at > START + 100 * 365 * DAY) break
    const last = at
    card = next
    at = when(card, last)
  }
  return { w, retention, steps, relearning, answers }
}

const histories = Array.from({ length: 1200 }, history)
writeFileSync(process.argv[2], gzipSync(JSON.stringify(histories), { level: 9 }))
