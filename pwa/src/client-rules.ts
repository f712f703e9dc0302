// The calls of the pages about rules and modes. They come with those pages, not with the first load.
import { request } from './request.ts'
import type { AlertDecision, AlertRule, AlertRuleBody, AlertRuleTrial, PlugWatch, QuietHours } from './wire-rules.ts'
import type { AddPresenceDevice, ModeOptions, Presence } from './wire-rules.ts'

const part = encodeURIComponent

export const readRules = () => request<{ rules: AlertRule[] }>('GET', '/api/alerts/rules')
export const addRule = (body: AlertRuleBody) => request<AlertRule>('POST', '/api/alerts/rules', { body })
export const changeRule = (id: string, body: AlertRuleBody) =>
  request<AlertRule>('PUT', `/api/alerts/rules/${part(id)}`, { body })
export const removeRule = (id: string) => request<unknown>('DELETE', `/api/alerts/rules/${part(id)}`)
export const tryRule = (rule: AlertRuleBody) =>
  request<AlertRuleTrial>('POST', '/api/alerts/rules/try', { body: { rule, days: 7 }, timeoutMs: 30_000 })
export const readQuietHours = () => request<QuietHours>('GET', '/api/alerts/quiet-hours')
export const changeQuietHours = (body: QuietHours) => request<QuietHours>('PUT', '/api/alerts/quiet-hours', { body })
export const readDecisions = async (incidentId: string): Promise<AlertDecision[]> =>
  (await request<{ decisions: AlertDecision[] }>('GET', `/api/incidents/${part(incidentId)}/alerts`)).decisions

export const readModeOptions = () => request<ModeOptions>('GET', '/api/mode/options')
export const changeModeOptions = (body: ModeOptions) => request<ModeOptions>('PUT', '/api/mode/options', { body })
export const readPresenceDevices = () => request<Presence>('GET', '/api/presence/devices')
export const addPresenceDevice = (body: AddPresenceDevice) =>
  request<Presence>('POST', '/api/presence/devices', { body })
export const removePresenceDevice = (id: string) => request<Presence>('DELETE', `/api/presence/devices/${part(id)}`)
export const sayPresence = (id: string, state: 'home' | 'away') =>
  request<Presence>('PUT', `/api/presence/devices/${part(id)}`, { body: { state } })

export const readPlugWatch = (id: string) => request<{ watch: PlugWatch | null }>('GET', `/api/plugs/${part(id)}/watch`)
export const watchPlug = (id: string, body: PlugWatch) =>
  request<{ watch: PlugWatch | null }>('PUT', `/api/plugs/${part(id)}/watch`, { body })
export const unwatchPlug = (id: string) => request<{ watch: null }>('DELETE', `/api/plugs/${part(id)}/watch`)
