import { done, http, read, type Schema } from './http'

export type User = Schema<'User'>
export type Device = Schema<'Session'>
export type SetupState = Schema<'SetupState'>

export const setupState = () => read(http.GET('/api/v1/setup'))

export const setup = (body: Schema<'SetupInput'>) => read(http.POST('/api/v1/setup', { body }))

export const register = (body: Schema<'RegisterInput'>) => read(http.POST('/api/v1/auth/register', { body }))

export const login = (body: Schema<'LoginInput'>) => read(http.POST('/api/v1/auth/login', { body }))

export const logout = () => done(http.POST('/api/v1/auth/logout'))

export const listSessions = (after?: string) => read(http.GET('/api/v1/auth/sessions', { params: { query: { after } } }))

export const endSession = (id: number) => done(http.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id } } }))
