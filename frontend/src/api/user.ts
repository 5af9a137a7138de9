import { done, http, keyed, read, type Schema } from './http'

export type Account = Schema<'Account'>

/** All users of the server, by name; for admins. */
export const listUsers = (after?: string) => read(http.GET('/api/v1/admin/users', { params: { query: { after, limit: 100 } } }))

export const createUser = (body: Schema<'AccountInput'>, key: string) => read(http.POST('/api/v1/admin/users', { params: { header: keyed(key) }, body }))

export const updateUser = (id: number, body: Schema<'AccountUpdate'>) => read(http.PATCH('/api/v1/admin/users/{id}', { params: { path: { id } }, body }))

export const deleteUser = (id: number) => done(http.DELETE('/api/v1/admin/users/{id}', { params: { path: { id } } }))
