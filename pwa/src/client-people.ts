// The calls of the pages that look after others. They come with those pages, not with the first load.
import { request } from './request.ts'
import type { ApiKeysReply, AuditPage, CreateApiKey, CreateApiKeyReply, SettingEntry } from './wire-people.ts'
import type { ChangePerson, Person, ResetPersonReply, RoleBody, RoleOfHome } from './wire-people.ts'
import type { CreateInvitation, CreateInvitationReply, Invitation } from './wire-people.ts'

const part = encodeURIComponent

// People
export const readPeople = () => request<{ people: Person[] }>('GET', '/api/people')
export const changePerson = (id: string, body: ChangePerson) =>
  request<Person>('PATCH', `/api/people/${part(id)}`, { body })
export const removePerson = (id: string) => request<unknown>('DELETE', `/api/people/${part(id)}`)
export const resetPerson = (id: string, secondFactor: boolean) =>
  request<ResetPersonReply>('POST', `/api/people/${part(id)}/reset`, { body: { secondFactor } })
export const endSessionsOf = (id: string) => request<unknown>('DELETE', `/api/people/${part(id)}/sessions`)

// Roles
export const readRoles = () => request<{ roles: RoleOfHome[] }>('GET', '/api/roles')
export const createRole = (body: RoleBody) => request<RoleOfHome>('POST', '/api/roles', { body })
export const changeRole = (id: string, body: RoleBody) => request<RoleOfHome>('PUT', `/api/roles/${part(id)}`, { body })
export const removeRole = (id: string) => request<unknown>('DELETE', `/api/roles/${part(id)}`)

// Invitations
export const readInvitations = () => request<{ invitations: Invitation[] }>('GET', '/api/invitations')
export const createInvitation = (body: CreateInvitation) =>
  request<CreateInvitationReply>('POST', '/api/invitations', { body })
export const withdrawInvitation = (id: string) => request<unknown>('DELETE', `/api/invitations/${part(id)}`)

// Keys of programs
export const readKeys = () => request<ApiKeysReply>('GET', '/api/keys')
export const createKey = (body: CreateApiKey) => request<CreateApiKeyReply>('POST', '/api/keys', { body })
export const rotateKey = (id: string, overlapHours: number) =>
  request<CreateApiKeyReply>('POST', `/api/keys/${part(id)}/rotate`, { body: { overlapHours } })
export const revokeKey = (id: string) => request<unknown>('DELETE', `/api/keys/${part(id)}`)

// The box
export const readSettings = () => request<{ settings: SettingEntry[] }>('GET', '/api/settings')
export const changeSetting = (key: string, change: { value: unknown } | { reset: true }) =>
  request<unknown>('PUT', `/api/settings/${part(key)}`, { body: change })

export interface RecordFilter {
  type?: string
  user?: string
}
export function readRecord(filter: RecordFilter, limit: number, before?: string): Promise<AuditPage> {
  const query = new URLSearchParams({ ...filter, limit: String(limit) })
  if (before) query.set('before', before)
  return request('GET', `/api/audit?${query.toString()}`)
}
