// The calls of the page Network. They come with that page, not with the first load.
import { request } from './request.ts'
import type { JoinWifi, NetworkState, ScanReply } from './wire-network.ts'

/** A radio takes its time to listen on every channel. */
const SCAN_MS = 60_000

export const readNetwork = () => request<NetworkState>('GET', '/api/network')
export const scanWifi = () => request<ScanReply>('POST', '/api/network/wifi/scan', { timeoutMs: SCAN_MS })
export const joinWifi = (body: JoinWifi) => request<NetworkState>('POST', '/api/network/wifi/join', { body })
export const forgetWifi = () => request<NetworkState>('DELETE', '/api/network/wifi')
