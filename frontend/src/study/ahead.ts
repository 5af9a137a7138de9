import { picturesIn } from '@/lib/media'
import type { StudyCard } from './card'

/** Pictures may be large: those of so many cards are fetched ahead. */
const near = 10

/** Fetches what cards need besides their text before they are asked: nobody waits for it, and it is there when the network is not. */
export async function fetchAhead(cards: Pick<StudyCard, 'question' | 'answer'>[]): Promise<void> {
  const texts = cards.map(({ question, answer }) => `${question}\n${answer}`)
  for (const address of texts.slice(0, near).flatMap(picturesIn)) new Image().src = address
  const markdown = await import('@/lib/markdown')
  await markdown?.prepare(texts.join('\n'))
}
