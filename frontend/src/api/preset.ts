import { http, read, type Schema } from './http'

export type Preset = Schema<'Preset'>
export type PresetUpdate = Schema<'PresetUpdate'>

export const getPreset = (deck: number, signal?: AbortSignal) => read(http.GET('/api/v1/decks/{id}/preset', { params: { path: { id: deck } }, signal }))

/** What is left out stays; null is the default again. */
export const updatePreset = (deck: number, body: PresetUpdate) => read(http.PATCH('/api/v1/decks/{id}/preset', { params: { path: { id: deck } }, body }))
