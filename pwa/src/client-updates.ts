// The calls of the pages Updates and This box. They come with those pages, not with the first load.
import { base64Of } from './base64-of.ts'
import { request } from './request.ts'
import type { BoxFacts, Updates } from './wire-updates.ts'

/** The host agent is started when it is asked, and RAUC reads the whole file: on a small box that takes a while. */
const PATIENT_MS = 120_000

const change = (path: string, body: object = {}) =>
  request<Updates>('POST', `/api/updates/${path}`, { body, timeoutMs: PATIENT_MS })

export const readUpdates = () => request<Updates>('GET', '/api/updates')
export const checkFeed = () => change('check')
export const fetchOffered = () => change('fetch')
export const takeWaiting = (fileName: string) => change('take', { fileName })
export const verifyBundle = (olderToo: boolean) => change('verify', { olderToo })
export const installBundle = () => change('install')
export const restartInto = (when: 'now' | 'tonight') => change('restart', { when })
export const putAwayOutcome = () => change('seen')
export const giveUpBundle = () => request<Updates>('DELETE', '/api/updates/bundle')

interface Received {
  receivedBytes: number
  chunkBytes: number
}

/** Sends a bundle in pieces, then has it checked. */
export async function uploadBundle(file: File, onProgress: (share: number) => void): Promise<Updates> {
  const body = { fileName: file.name, sizeBytes: file.size }
  let { receivedBytes, chunkBytes } = await request<Received>('POST', '/api/updates/upload', { body })
  while (receivedBytes < file.size) {
    const data = await base64Of(file.slice(receivedBytes, receivedBytes + chunkBytes))
    const sent = { body: { offset: receivedBytes, data }, timeoutMs: PATIENT_MS }
    ;({ receivedBytes, chunkBytes } = await request<Received>('PUT', '/api/updates/upload', sent))
    onProgress(receivedBytes / file.size)
  }
  return verifyBundle(false)
}

export const readBox = () => request<BoxFacts>('GET', '/api/box')
export const restartBox = () => request('POST', '/api/box/restart', { timeoutMs: PATIENT_MS })
export const powerOffBox = () => request('POST', '/api/box/power-off', { timeoutMs: PATIENT_MS })
export const resetBox = (homeName: string) =>
  request('POST', '/api/box/factory-reset', { body: { homeName }, timeoutMs: PATIENT_MS })
