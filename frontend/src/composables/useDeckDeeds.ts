import { useI18n } from 'vue-i18n'
import { deleteDeck, type Deck } from '@/api/deck'
import { removeMember } from '@/api/member'
import { useDeckStore } from '@/stores/deck'
import { useRemovals } from '@/stores/removal'
import { useSession } from '@/stores/session'
import { useToasts } from '@/stores/toast'
import { useErrorText } from './useErrorText'

// A deck is more than a card: a little longer to think it over.
const thinkingTime = 10_000

/** Deletes and leaves decks, with Undo for a while. */
export function useDeckDeeds() {
  const { t } = useI18n()
  const store = useDeckStore()
  const removals = useRemovals()
  const session = useSession()
  const toasts = useToasts()
  const errorText = useErrorText()

  const go = (deck: Deck, title: string, send: (keepalive: boolean) => Promise<void>) =>
    removals.remove({
      key: `deck:${deck.id}`,
      title,
      send,
      done: () => store.deckGone(deck.id),
      failed: (error) => toasts.show({ tone: 'error', title: t('decks.staysHere', { deck: deck.name }), body: errorText(error) }),
      duration: thinkingTime,
    })

  return {
    remove: (deck: Deck) => go(deck, t('decks.deleted', { deck: deck.name }), (keepalive) => deleteDeck(deck.id, keepalive)),
    leave: (deck: Deck) => go(deck, t('decks.left', { deck: deck.name }), (keepalive) => removeMember(deck.id, session.user?.username ?? '', keepalive)),
  }
}
