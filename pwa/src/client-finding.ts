// The calls of the wizard for new cameras. They come with its page, not with the first load.
import { request } from './request.ts'
import type { CameraScan, OnvifLogin, OnvifReply } from './wire-finding.ts'

export const beginScan = (hosts: readonly string[]) =>
  request<CameraScan>('POST', '/api/cameras/discover', { body: hosts.length > 0 ? { hosts } : {} })
export const readScan = () => request<CameraScan>('GET', '/api/cameras/discover')
/** A slow camera is asked a dozen questions. */
export const askCamera = (body: OnvifLogin, signal: AbortSignal) =>
  request<OnvifReply>('POST', '/api/cameras/onvif', { body, signal, timeoutMs: 40_000 })
