// The calls of the page Certificates. They come with that page, not with the first load.
import { request } from './request.ts'
import type { AcmeCheckStep, Certificates, ClientCertificate, IssueClientReply } from './wire-certificates.ts'

export const readCertificates = () => request<Certificates>('GET', '/api/certificates')
export const setMode = (mode: 'self_signed' | 'acme') =>
  request<Certificates>('PUT', '/api/certificates/mode', { body: { mode } })
/** Asks the authority and the servers of the name: that takes a while. */
export const checkReach = () =>
  request<{ steps: AcmeCheckStep[] }>('POST', '/api/certificates/acme/check', { timeoutMs: 180_000 })
export const renewNow = () => request<unknown>('POST', '/api/certificates/acme/renew')
export const readClients = () => request<{ certificates: ClientCertificate[] }>('GET', '/api/certificates/clients')
export const issueClient = (name: string) =>
  request<IssueClientReply>('POST', '/api/certificates/clients', { body: { name } })
export const revokeClient = (id: string) =>
  request<unknown>('DELETE', `/api/certificates/clients/${encodeURIComponent(id)}`)
export const requireClients = (required: boolean) =>
  request<unknown>('PUT', '/api/certificates/clients-required', { body: { required } })
