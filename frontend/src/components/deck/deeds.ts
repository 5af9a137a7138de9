/** What can be done with a deck from its menu. */
export type DeckDeed = 'edit' | 'share' | 'leave' | 'delete'
