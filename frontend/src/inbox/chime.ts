const pause = 3000
const volume = 0.08
const notes = [
  { hertz: 659, from: 0, to: 0.28 },
  { hertz: 880, from: 0.12, to: 0.5 },
]

let last = -Infinity
let context: AudioContext | undefined

/** Two soft notes, at most every 3 s. A browser that wants a click on the page first stays silent. */
export function chime(): void {
  if (performance.now() - last < pause || typeof AudioContext === 'undefined') return
  last = performance.now()
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume().catch(() => {})
  const start = context.currentTime + 0.02
  for (const { hertz, from, to } of notes) {
    const tone = new OscillatorNode(context, { type: 'sine', frequency: hertz })
    const gain = new GainNode(context, { gain: 0 })
    gain.gain.setValueAtTime(0, start + from)
    gain.gain.linearRampToValueAtTime(volume, start + from + 0.02)
    gain.gain.exponentialRampToValueAtTime(0.0005, start + to)
    tone.connect(gain).connect(context.destination)
    tone.start(start + from)
    tone.stop(start + to)
  }
}
