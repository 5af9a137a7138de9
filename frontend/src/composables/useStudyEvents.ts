import { watch } from 'vue'
import { useRealtime } from './useRealtime'
import type { Study } from './useStudy'

/** Keeps a session of studying as the log says: what other devices answered, changed or deleted. */
export function useStudyEvents(study: Study, reread: (card: number) => void) {
  const { connection, on, onReset } = useRealtime()
  const { deck, current, queue, moving } = study
  // Whose suspending or burying was asked for here: the queue tells how it ended.
  const isMine = (card: number) => moving.has(card) || study.steps.value.some((step) => step.kind === 'rest' && step.card.id === card)

  on('card.reviewed', ({ message }) => {
    const { card_id, deck_id, due_at, counts, undone = false } = message
    if (deck_id !== deck) return
    study.hear(card_id, counts, undone)
    if (study.isOwn(card_id, due_at)) return
    study.leave(({ id }) => id === card_id, 'elsewhere')
    queue.refetch() // a learning card comes again, and so does one whose answer was undone
  })

  on('schedule.updated', ({ message: { card_id, deck_id, suspended, buried, flag, counts } }) => {
    if (deck_id !== deck) return
    study.setCounts(counts)
    if (isMine(card_id)) return
    if (suspended || buried) return study.leave(({ id }) => id === card_id, 'changed')
    const known = current.value?.id === card_id ? current.value : queue.find(card_id)
    if (!known) return queue.refetch()
    if (known === current.value) current.value = { ...known, flag }
    else queue.update({ ...known, flag })
  })

  on('preset.updated', ({ message }) => {
    if (message.deck_id !== deck) return
    study.setCounts(message.counts)
    queue.refetch()
  })

  on('card.created', ({ message }) => message.note.deck_id === deck && queue.refetch())
  on('card.updated', ({ message: { note } }) => {
    if (note.deck_id !== deck) return
    if (current.value?.note_id === note.id) reread(current.value.id)
    queue.refetch()
  })
  on('card.deleted', ({ message: { note } }) => {
    if (note.deck_id !== deck) return
    study.leave((card) => card.note_id === note.id, 'changed')
    queue.refetch()
  })
  on('deck.deleted', ({ message }) => message.deck.id === deck && queue.end())
  onReset(() => queue.refetch())

  watch(() => connection.value.kind === 'live', (live) => {
    if (live && study.phase.value === 'failed') study.retry()
  })
}
