import { done, http, read, type Schema } from './http'

export type Me = Schema<'Me'>

export const getMe = () => read(http.GET('/api/v1/me'))

/** Top-level keys of `preferences` are merged; null removes one. */
export const updateMe = (body: Schema<'MeUpdate'>) => read(http.PATCH('/api/v1/me', { body }))

export const changePassword = (body: Schema<'PasswordInput'>) => done(http.PUT('/api/v1/me/password', { body }))
