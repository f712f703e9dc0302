// The calls of the pages of plugs. They come with those pages, not with the first load.
import { request } from './request.ts'
import type { Plug, PlugHome } from './wire.ts'
import type { ChangePlug, CountdownReply, PlugDetail, PlugDiagnosis, PlugScan } from './wire-plugs.ts'
import type { PlugScheduleBody, PlugSchedulesReply, PowerCurve } from './wire-plugs.ts'
import type { GroupBody, SceneBody, TogetherReply } from './wire-plugs.ts'
import type { PlugAccount, PlugAccountBody, TestPlugAccountReply } from './wire-plugs.ts'

const of = (id: string, rest = '') => `/api/plugs/${encodeURIComponent(id)}${rest}`
/** A device on a bad network may take its three seconds twice; many of them one after the other. */
const PATIENT_MS = 30_000

// One plug
export const readPlug = (id: string) => request<PlugDetail>('GET', of(id))
export const changePlug = (id: string, body: ChangePlug) => request<Plug>('PATCH', of(id), { body })
export const removePlug = (id: string) => request<unknown>('DELETE', of(id))
export const setPicture = (id: string, picture: string) =>
  request<Plug>('PUT', of(id, '/picture'), { body: { picture }, timeoutMs: PATIENT_MS })
export const removePicture = (id: string) => request<Plug>('DELETE', of(id, '/picture'))
export const diagnosePlug = (id: string) =>
  request<PlugDiagnosis>('POST', of(id, '/diagnose'), { timeoutMs: PATIENT_MS })
export const readPower = (id: string, hours: number) =>
  request<PowerCurve>('GET', of(id, `/power?hours=${String(hours)}`))

// What it is told
export const setBrightness = (id: string, brightness: number) =>
  request<Plug>('PUT', of(id, '/brightness'), { body: { brightness } })
export const setLed = (id: string, on: boolean) => request<unknown>('PUT', of(id, '/led'), { body: { on } })
export const readCountdown = (id: string) => request<CountdownReply>('GET', of(id, '/countdown'))
export const setCountdown = (id: string, body: { durationS: number; on: boolean }) =>
  request<CountdownReply>('PUT', of(id, '/countdown'), { body })
export const stopCountdown = (id: string) => request<unknown>('DELETE', of(id, '/countdown'))
export const readSchedules = (id: string) => request<PlugSchedulesReply>('GET', of(id, '/schedules'))
export const addSchedule = (id: string, body: PlugScheduleBody) =>
  request<PlugSchedulesReply>('POST', of(id, '/schedules'), { body })
export const changeSchedule = (id: string, rule: string, body: PlugScheduleBody) =>
  request<PlugSchedulesReply>('PUT', of(id, `/schedules/${encodeURIComponent(rule)}`), { body })
export const removeSchedule = (id: string, rule: string) =>
  request<PlugSchedulesReply>('DELETE', of(id, `/schedules/${encodeURIComponent(rule)}`))

// Finding more
export const addPlug = (host: string) =>
  request<{ plugs: Plug[] }>('POST', '/api/plugs', { body: { host }, timeoutMs: PATIENT_MS })
export const startScan = (range: string) => request<PlugScan>('POST', '/api/plugs/scan', { body: { range } })
export const readScan = () => request<PlugScan>('GET', '/api/plugs/scan')

// TP-Link accounts
export const readPlugAccounts = () => request<{ accounts: PlugAccount[] }>('GET', '/api/plug-accounts')
export const addPlugAccount = (body: PlugAccountBody) => request<PlugAccount>('POST', '/api/plug-accounts', { body })
export const removePlugAccount = (id: string) =>
  request<unknown>('DELETE', `/api/plug-accounts/${encodeURIComponent(id)}`)
export const testPlugAccount = (id: string) =>
  request<TestPlugAccountReply>('POST', `/api/plug-accounts/${encodeURIComponent(id)}/test`, { timeoutMs: 60_000 })

// Rooms, groups, scenes: each answers with all of them
export const readPlugHome = () => request<PlugHome>('GET', '/api/plug-home')
export const addRoom = (name: string) => request<PlugHome>('POST', '/api/rooms', { body: { name } })
export const orderRooms = (ids: readonly string[]) => request<PlugHome>('PUT', '/api/rooms', { body: { ids } })
export const renameRoom = (id: string, name: string) =>
  request<PlugHome>('PATCH', `/api/rooms/${encodeURIComponent(id)}`, { body: { name } })
export const removeRoom = (id: string) => request<PlugHome>('DELETE', `/api/rooms/${encodeURIComponent(id)}`)

const save = <Body>(path: string, id: string | null, body: Body) =>
  id === null
    ? request<PlugHome>('POST', path, { body })
    : request<PlugHome>('PUT', `${path}/${encodeURIComponent(id)}`, { body })
export const saveGroup = (id: string | null, body: GroupBody) => save('/api/plug-groups', id, body)
export const saveScene = (id: string | null, body: SceneBody) => save('/api/plug-scenes', id, body)
export const removeGroup = (id: string) => request<PlugHome>('DELETE', `/api/plug-groups/${encodeURIComponent(id)}`)
export const removeScene = (id: string) => request<PlugHome>('DELETE', `/api/plug-scenes/${encodeURIComponent(id)}`)
export const switchGroup = (id: string, on: boolean) =>
  request<TogetherReply>('POST', `/api/plug-groups/${encodeURIComponent(id)}/switch`, {
    body: { on },
    timeoutMs: PATIENT_MS,
  })
export const runScene = (id: string) =>
  request<TogetherReply>('POST', `/api/plug-scenes/${encodeURIComponent(id)}/run`, { timeoutMs: PATIENT_MS })
