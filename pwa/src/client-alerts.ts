// The calls of the pages about alerts. They come with those pages, not with the first load.
import { request } from './request.ts'
import type { AlertChannel, ChangeChannel, SetUpChannelId, TestChannelReply, ToldReply } from './wire-alerts.ts'

const part = encodeURIComponent

export const readChannels = () => request<{ channels: AlertChannel[] }>('GET', '/api/alerts/channels')
export const changeChannel = (id: SetUpChannelId, body: ChangeChannel) =>
  request<AlertChannel>('PUT', `/api/alerts/channels/${part(id)}`, { body })
export const testChannel = (id: SetUpChannelId) =>
  request<TestChannelReply>('POST', `/api/alerts/channels/${part(id)}/test`, { timeoutMs: 30_000 })

export function readTold(filter: { incident?: string }, limit: number, before?: string): Promise<ToldReply> {
  const query = new URLSearchParams({ ...filter, limit: String(limit) })
  if (before) query.set('before', before)
  return request('GET', `/api/alerts/history?${query.toString()}`)
}
