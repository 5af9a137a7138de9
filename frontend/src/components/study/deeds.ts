/** What can be done with the card on the screen beside answering it. */
export type Deed = 'undo' | 'edit' | 'suspend' | 'bury' | 'flag' | 'info' | 'keys'
