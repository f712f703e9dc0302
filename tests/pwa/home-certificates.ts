// Certificates of the fake home: a public one that the router hides, and phones with one of their own.
import { randomUUID } from 'node:crypto'
import * as acme from '../../appliance/src/api/acme.ts'
import * as api from '../../appliance/src/api/certificates.ts'
import { done, idParams } from '../../appliance/src/api/common.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { find, open } from './home-state.ts'
import type { HomeDeps, HomeState } from './home-state.ts'

const DAY_MS = 86_400_000
const ok = { ok: true as const }
const FINGERPRINT = Array.from({ length: 32 }, (_, index) =>
  ((index * 37 + 11) % 256).toString(16).padStart(2, '0').toUpperCase(),
).join(':')

const STEPS: acme.AcmeCheckStep[] = [
  { step: 'settings', name: null, outcome: 'ok', words: 'Names and proof fit together.' },
  { step: 'authority', name: null, outcome: 'ok', words: 'The authority answers.' },
  { step: 'port-80', name: 'home.example.org', outcome: 'failed', words: 'Port 80 of this name is closed.' },
]

export interface HomeCertificates {
  overview: api.Certificates
  clients: api.ClientCertificate[]
  renewals: number
}

const known = new WeakMap<HomeState, HomeCertificates>()

export function certificatesOf(state: HomeState): HomeCertificates {
  let found = known.get(state)
  if (!found) known.set(state, (found = makeCertificates()))
  return found
}

const privateSource = (): api.CertificateSourceView => ({
  kind: 'local-ca',
  servedTo: 'everybody-else',
  certificate: {
    names: ['lares.local', 'pi.local', 'localhost'],
    addresses: ['192.168.1.20', '127.0.0.1', '::1'],
    issuer: 'Lares home 4F2A',
    key: 'EC prime256v1',
    fingerprint: FINGERPRINT,
    validFrom: Date.now() - 30 * DAY_MS,
    validUntil: Date.now() + 367 * DAY_MS,
  },
  lastRenewedAt: Date.now() - 30 * DAY_MS,
  lastTriedAt: Date.now() - 30_000,
  nextTryAt: Date.now() + 235 * DAY_MS,
  problem: null,
})

export const publicSource = (problem: string | null): api.CertificateSourceView => ({
  kind: 'acme',
  servedTo: 'its-names',
  certificate: {
    names: ['home.example.org'],
    addresses: [],
    issuer: 'E7',
    key: 'EC prime256v1',
    fingerprint: FINGERPRINT,
    validFrom: Date.now() - 40 * DAY_MS,
    validUntil: Date.now() + 5 * DAY_MS,
  },
  lastRenewedAt: Date.now() - 40 * DAY_MS,
  lastTriedAt: Date.now() - 3_600_000,
  nextTryAt: Date.now() + 7_200_000,
  problem,
})

export function makeClient(name: string, change: Partial<api.ClientCertificate> = {}): api.ClientCertificate {
  return {
    ...{ id: randomUUID(), name, fingerprint: FINGERPRINT, issuedBy: 'ada', state: 'active', lastUsedAt: null },
    ...{ createdAt: Date.now() - 9 * DAY_MS, expiresAt: Date.now() + 1_800 * DAY_MS, ...change },
  }
}

function makeCertificates(): HomeCertificates {
  const overview: api.Certificates = {
    ...{ mode: 'self_signed', modeSetBy: 'app', sources: [privateSource()], publicNames: [] },
    root: {
      fingerprint: FINGERPRINT,
      expiresAt: Date.now() + 3_500 * DAY_MS,
      trustPage: 'http://192.168.1.20:8080/trust',
    },
    clients: { required: false, setBy: 'app', trialEndsAt: null, otherAuthorities: [] },
  }
  return { overview, clients: [], renewals: 0 }
}

export function certificateRoutes({ state }: HomeDeps): Route[] {
  const home = certificatesOf(state)
  const view = { ...open, needs: 'system.view' as const }
  const edit = { ...open, needs: 'system.edit' as const, sudo: true }
  return [
    route({
      ...{ ...view, method: 'GET', path: '/api/certificates', reply: api.certificatesReply },
      run: async () => home.overview,
    }),
    route({
      ...{
        ...edit,
        method: 'PUT',
        path: '/api/certificates/mode',
        body: api.tlsModeBody,
        reply: api.certificatesReply,
      },
      async run({ body }) {
        const sources = body.mode === 'acme' ? [privateSource(), publicSource(null)] : [privateSource()]
        return Object.assign(home.overview, { mode: body.mode, sources })
      },
    }),
    route({
      ...{
        ...open,
        needs: 'system.edit',
        method: 'POST',
        path: '/api/certificates/acme/check',
        reply: acme.acmeCheckReply,
      },
      run: async () => ({ steps: STEPS }),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/certificates/acme/renew', reply: done },
      async run() {
        home.renewals += 1
        return ok
      },
    }),
    route({
      ...{ ...view, method: 'GET', path: '/api/certificates/clients', reply: api.clientCertificatesReply },
      run: async () => ({ certificates: home.clients }),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/certificates/clients' },
      ...{ body: api.issueClientBody, reply: api.issueClientReply },
      async run({ body: { name } }) {
        const certificate = makeClient(name, { createdAt: Date.now() })
        home.clients.unshift(certificate)
        const link = (file: string) => `http://192.168.1.20:8080/trust/clients/${'a1B2'.repeat(10)}abc/${file}`
        return {
          ...{ certificate, password: 'kd7m-2xqp-wv9t-h4nc-r8ye', pkcs12: Buffer.from('file').toString('base64') },
          links: { pkcs12: link('lares-client.p12'), mobileconfig: link('lares-client.mobileconfig') },
          linksUntil: Date.now() + 15 * 60_000,
        }
      },
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/certificates/clients/:id', params: idParams, reply: done },
      async run({ params }) {
        find(home.clients, params.id).state = 'revoked'
        return ok
      },
    }),
    route({
      ...{ ...edit, method: 'PUT', path: '/api/certificates/clients-required' },
      ...{ body: api.requireClientsBody, reply: done },
      async run({ body: { required } }) {
        if (required && !home.clients.some(({ state }) => state === 'active'))
          throw new LaresError('conflict', 'Issue a certificate for your own phone first, or nobody could come in.', {
            code: 'NO_CLIENT',
          })
        const trialEndsAt = required ? Date.now() + 600_000 : null
        Object.assign(home.overview.clients, { required, trialEndsAt })
        return ok
      },
    }),
  ]
}
