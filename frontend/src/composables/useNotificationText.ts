import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Schema } from '@/api/http'
import type { Notification } from '@/api/notification'
import { useSession } from '@/stores/session'

export interface NotificationText {
  title: string
  body: string
  /** What else there is to know, in a few words: what changed, and who did it. */
  note: string
}

/** A notification in the person's language, from its kind and data. A push keeps the words of its sender, and so does a kind that this version doesn't know. */
export function useNotificationText() {
  const { t, locale } = useI18n()
  const session = useSession()
  const list = computed(() => new Intl.ListFormat(locale.value, { type: 'conjunction' }))

  function changed(item: Notification): NotificationText {
    const { deck, added, updated, deleted, by } = item.data as Schema<'DeckChangedData'>
    const parts = ([['added', added], ['updated', updated], ['deleted', deleted]] as const).filter(([, n]) => n > 0)
    const [what, n] = parts[0] ?? ['updated', 1]
    const several = parts.length > 1
    const title = several && what !== 'added' ? t('inbox.changed.mixed', { deck }) : t(`inbox.changed.${what}`, { deck, n }, n)
    const notes = several ? parts.map(([what, n]) => t(`inbox.changed.part.${what}`, { n }, n)) : []
    if (by.some((name) => name !== session.user?.username)) notes.push(t('inbox.by', { who: list.value.format(by) }))
    return { title, body: item.body, note: notes.join(' · ') }
  }

  function shared(item: Notification): NotificationText {
    const { deck, by, role } = item.data as Schema<'DeckSharedData'>
    return { title: t('inbox.shared.title', { deck, by }), body: t(role === 'editor' ? 'inbox.shared.editor' : 'inbox.shared.viewer'), note: '' }
  }

  function due(item: Notification): NotificationText {
    const { deck, due: n } = item.data as Schema<'CardsDueData'>
    return { title: t('inbox.due.deck', { deck, n }, n), body: '', note: '' }
  }

  function digest(item: Notification): NotificationText {
    const { due: n, deck_count, decks } = item.data as Schema<'DigestData'>
    const named = decks.slice(0, 3).map(({ name, due }) => t('inbox.due.part', { deck: name, n: due }))
    if (deck_count > named.length) named.push(t('inbox.due.more', { n: deck_count - named.length }))
    return { title: t('inbox.due.digest', { n, decks: deck_count }), body: list.value.format(named), note: '' }
  }

  return (item: Notification): NotificationText => {
    // The data of a kind is the server's word; a push may carry anything in it.
    const data = item.data as Record<string, unknown>
    if (item.kind === 'deck.changed' && Array.isArray(data.by)) return changed(item)
    if (item.kind === 'deck.shared' && typeof data.by === 'string') return shared(item)
    if (item.kind === 'cards.due' && Array.isArray(data.decks)) return digest(item)
    if (item.kind === 'cards.due' && typeof data.deck === 'string') return due(item)
    return { title: item.title, body: item.body, note: '' }
  }
}
