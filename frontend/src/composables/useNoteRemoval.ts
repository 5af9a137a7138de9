import { useI18n } from 'vue-i18n'
import { deleteNote, type Note } from '@/api/note'
import { nameOf } from '@/lib/sides'
import { useDeckStore } from '@/stores/deck'
import { useRemovals } from '@/stores/removal'
import { useToasts } from '@/stores/toast'
import { useErrorText } from './useErrorText'

/** Deletes a note, with Undo for a while. */
export function useNoteRemoval() {
  const { t } = useI18n()
  const store = useDeckStore()
  const removals = useRemovals()
  const toasts = useToasts()
  const errorText = useErrorText()

  return (note: Note) =>
    removals.remove({
      key: `note:${note.id}`,
      title: t('notes.deleted', { card: nameOf(note) }),
      send: (keepalive) => deleteNote(note.id, keepalive),
      done() {
        store.noteChanged({ name: 'card.deleted', message: { note } })
        store.recount(note.deck_id)
      },
      failed: (error) => toasts.show({ tone: 'error', title: t('notes.notDeleted', { card: nameOf(note) }), body: errorText(error) }),
    })
}
