import { done, http, keyed, read, type Schema } from './http'

export type Note = Schema<'Note'>
export type NoteType = Schema<'NoteType'>
export type NoteFields = Schema<'NoteFields'>
export type NoteInput = Schema<'NoteInput'>
export type NoteUpdate = Schema<'NoteUpdate'>
export type NotePage = Schema<'NotePage'>

export const listNotes = (deck: number, query: { q?: string; after?: string; limit?: number }, signal?: AbortSignal) =>
  read(http.GET('/api/v1/decks/{id}/notes', { params: { path: { id: deck }, query }, signal }))

export const getNote = (id: number, signal?: AbortSignal) => read(http.GET('/api/v1/notes/{id}', { params: { path: { id } }, signal }))

export const createNote = (deck: number, body: NoteInput, key: string) =>
  read(http.POST('/api/v1/decks/{id}/notes', { params: { path: { id: deck }, header: keyed(key) }, body }))

export const updateNote = (id: number, body: NoteUpdate) => read(http.PATCH('/api/v1/notes/{id}', { params: { path: { id } }, body }))

export const deleteNote = (id: number, keepalive = false) => done(http.DELETE('/api/v1/notes/{id}', { params: { path: { id } }, keepalive }))
