// The calls of the page Remote access. They come with that page, not with the first load.
import { request } from './request.ts'
import type { AddPeer, AddPeerReply, ChangeRemoteAccess, RemoteAccess } from './wire-remote-access.ts'

const PLACE = '/api/remote-access'

export const readRemoteAccess = () => request<RemoteAccess>('GET', PLACE)
export const changeRemoteAccess = (body: ChangeRemoteAccess) => request<RemoteAccess>('PUT', PLACE, { body })
export const addPeer = (body: AddPeer) => request<AddPeerReply>('POST', `${PLACE}/peers`, { body })
export const removePeer = (id: string) => request<RemoteAccess>('DELETE', `${PLACE}/peers/${encodeURIComponent(id)}`)
export const readServerConfig = () => request<{ config: string }>('POST', `${PLACE}/server-config`)
