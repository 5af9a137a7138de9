import type { StudyCard } from './card'

/** Fetches what cards need besides their text before they are asked: nobody waits for it, and it is there when the network is not. */
export async function fetchAhead(cards: Pick<StudyCard, 'question' | 'answer'>[]): Promise<void> {
  const markdown = await import('@/lib/markdown')
  await markdown?.prepare(cards.map(({ question, answer }) => `${question}\n${answer}`).join('\n'))
}
