import { useI18n } from 'vue-i18n'
import { deckOf, isKind, kinds, type Kind, type Preferences } from '@/inbox/preferences'
import { usePreferences } from '@/stores/preference'
import { useToasts } from '@/stores/toast'
import { useErrorText } from './useErrorText'

export const kindWord: Record<Kind, string> = { 'cards.due': 'due', 'deck.changed': 'changed', 'deck.shared': 'shared', push: 'push' }
// 8 KiB are there for all preferences; who mutes more has the oldest speak again.
const mostDecks = 300

type Source = { kind: string; data: unknown }

/** Silences a source of notifications: a deck, or a whole kind. Nothing pops up or sounds; the inbox still fills. */
export function useMute() {
  const { t } = useI18n()
  const preferences = usePreferences()
  const toasts = useToasts()
  const errorText = useErrorText()

  const isDeckMuted = (deck: number) => preferences.now.muted_decks.includes(deck)
  const isKindMuted = (kind: string) => preferences.now.toast[kind] === false && preferences.now.sound[kind] !== true

  async function set(change: Partial<Preferences>) {
    try {
      await preferences.set(change)
      return true
    } catch (error) {
      toasts.show({ tone: 'error', title: errorText(error), key: 'mute' })
      return false
    }
  }

  async function tell(name: string, muted: boolean, change: Partial<Preferences>, back: Partial<Preferences>) {
    if (!(await set(change))) return
    toasts.show({
      title: t(muted ? 'inbox.muted' : 'inbox.unmuted', { name }),
      body: muted ? t('inbox.mutedText') : undefined,
      key: 'mute',
      action: { label: t('inbox.undo'), run: () => set(back) },
    })
  }

  function muteDeck(id: number, name: string) {
    const before = preferences.now.muted_decks
    const muted = !before.includes(id)
    return tell(name, muted, { muted_decks: muted ? [...before, id].slice(-mostDecks) : before.filter((other) => other !== id) }, { muted_decks: before })
  }

  function muteKind(kind: Kind) {
    const { toast, sound } = preferences.now
    const muted = !isKindMuted(kind)
    const change = { toast: { ...toast, [kind]: !muted }, sound: { ...sound, ...(muted ? { [kind]: false } : {}) } }
    return tell(kindName(kind), muted, change, { toast, sound })
  }

  const kindName = (kind: Kind) => t(`inbox.kind.${kindWord[kind]}`)

  /** What can be muted at an item, worded, and what it does. */
  function deeds(item: Source): { label: string; muted: boolean; run: () => void }[] {
    const found: { label: string; muted: boolean; run: () => void }[] = []
    const deck = deckOf({ kind: item.kind, data: (item.data ?? {}) as Record<string, unknown> })
    if (deck) {
      const muted = isDeckMuted(deck.id)
      found.push({ muted, label: t(muted ? 'inbox.unmuteDeck' : 'inbox.muteDeck', { deck: deck.name }), run: () => void muteDeck(deck.id, deck.name) })
    }
    if (isKind(item.kind)) {
      const kind = item.kind
      const muted = isKindMuted(kind)
      found.push({ muted, label: t(muted ? 'inbox.unmuteKind' : 'inbox.muteKind', { kind: kindName(kind) }), run: () => void muteKind(kind) })
    }
    return found
  }

  return { kinds, kindName, deeds, isDeckMuted, muteDeck, set }
}
