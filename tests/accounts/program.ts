import { WebSocket } from 'ws'
import { z } from 'zod'
import type {
  ApiKey,
  ApiKeysReply,
  CreateApiKey,
  CreateApiKeyReply,
  ImportedKey,
} from '../../appliance/src/api/keys.ts'
import type { Permission } from '../../appliance/src/api/permissions.ts'
import { route, type Route } from '../../appliance/src/http/index.ts'
import type { Answer, HttpsClient } from '../harness/https-client.ts'
import { setUpOwner, startAccess, type Access } from './access.ts'

/** Says who asks. */
const probe = (path: string, needs: Permission): Route =>
  route({
    ...{ method: 'GET', path, summary: 'Who asks.', needs, limit: 'general' },
    reply: z.record(z.string(), z.unknown()),
    run: async ({ request: { principal } }) => ({
      ...{ kind: principal?.kind, role: principal?.role, name: principal?.username },
      permissions: [...(principal?.permissions ?? [])],
      cameras: principal?.cameras ? [...principal.cameras] : null,
    }),
  })
export const probes = [probe('/api/probe', 'devices.view'), probe('/api/probe/control', 'devices.control')]

/** A program: no cookies, one header. */
export async function ask(
  at: Access,
  key: string,
  path = '/api/probe',
  method = 'GET',
  body?: unknown,
): Promise<Answer> {
  const program = at.browser()
  return program.call(method, path, body, { 'x-api-key': key })
}
export const makeKey = (browser: HttpsClient, wish: Partial<CreateApiKey> = {}): Promise<CreateApiKeyReply> =>
  browser.must('POST', '/api/keys', { name: 'Script', scopes: ['devices.view'], expiresInDays: null, ...wish })
export const listed = async (browser: HttpsClient, id: string): Promise<ApiKey | undefined> =>
  (await browser.must<ApiKeysReply>('GET', '/api/keys')).keys.find((key) => key.id === id)
/** An open stream, and the moment it is closed. */
export function openStream(at: Access, key: string): Promise<{ closed: Promise<number>; socket: WebSocket }> {
  const socket = new WebSocket(`${at.origin.replace('https', 'wss')}/api/stream`, {
    ca: at.tls.rootPem(),
    headers: { 'x-api-key': key },
  })
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)))
  return new Promise((resolve, reject) => {
    socket.once('message', () => resolve({ closed, socket }))
    socket.once('error', reject)
  })
}

/** Accounts with an owner who is signed in, and two routes that tell who asks. */
export async function startHome(importedKeys: readonly ImportedKey[] = []) {
  const at = await startAccess({ routes: probes, importedKeys })
  return { at, ...(await setUpOwner(at)) }
}
