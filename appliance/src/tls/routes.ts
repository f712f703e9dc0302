import { z } from 'zod'
import {
  certificatesReply,
  clientCertificatesReply,
  issueClientBody,
  issueClientReply,
  requireClientsBody,
  tlsModeBody,
  type Certificates,
} from '../api/certificates.ts'
import { done, idParams } from '../api/common.ts'
import { trustReply, type Trust } from '../api/system.ts'
import { route, type RequestContext, type Route } from '../http/route.ts'
import type { Changer, Clients } from './clients/index.ts'
import type { OwnLinks } from './own-links.ts'
import { CHECK_PICTURES } from './trust/check-pictures.ts'
import { ROOT_FILES, rootDownload, type RootCertificate } from './trust/root-downloads.ts'
import { CHECK_PATH, CHECK_WITHOUT_SCRIPT_PATH } from './trust/trust-page.ts'

interface TrustDeps {
  root(): RootCertificate
  homeName(): string
  trust(): Trust
}

interface Deps extends TrustDeps {
  overview(): Promise<Certificates>
  setMode(mode: 'self_signed' | 'acme', by: Changer): Promise<void>
  clients: Clients
  links: Pick<OwnLinks, 'httpOrigin'>
}

const changerOf = ({ principal, address, userAgent }: RequestContext): Changer => ({ principal, address, userAgent })
const ok = { ok: true as const }

function trustRoutes(deps: TrustDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/trust',
      summary: 'Names, addresses and certificates of this box.',
      needs: 'system.view',
      limit: 'general',
      reply: trustReply,
      run: async () => deps.trust(),
    }),
    route({
      method: 'GET',
      path: CHECK_PATH,
      summary: 'A picture that loads only where the certificate is trusted.',
      needs: 'public',
      limit: 'media',
      reply: 'bytes',
      // The trust page is another origin (plain HTTP) and has to be allowed to see that it loads.
      run: async () => ({ kind: 'bytes' as const, ...CHECK_PICTURES.png, cacheS: 0, anyOrigin: true as const }),
    }),
    route({
      method: 'GET',
      path: CHECK_WITHOUT_SCRIPT_PATH,
      summary: 'The same with words in it, for browsers without scripts.',
      needs: 'public',
      limit: 'media',
      reply: 'bytes',
      run: async () => ({ kind: 'bytes' as const, ...CHECK_PICTURES.svg, cacheS: 0, anyOrigin: true as const }),
    }),
    route({
      method: 'GET',
      path: '/api/trust/root/:file',
      summary: 'The root certificate, to install on a phone or computer.',
      needs: 'public',
      limit: 'general',
      params: z.strictObject({ file: z.enum(ROOT_FILES) }),
      reply: 'bytes',
      async run({ params }) {
        return { kind: 'bytes' as const, ...rootDownload(params.file, deps.root(), deps.homeName()), cacheS: 0 }
      },
    }),
  ]
}

function overviewRoutes({ overview, setMode }: Deps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/certificates',
      summary: 'Which certificate is served to whom and until when, and whether client certificates are asked for.',
      needs: 'system.view',
      limit: 'general',
      reply: certificatesReply,
      run: overview,
    }),
    route({
      method: 'PUT',
      path: '/api/certificates/mode',
      summary: 'Switches a public certificate beside the private one on or off.',
      needs: 'system.edit',
      limit: 'general',
      sudo: true,
      body: tlsModeBody,
      reply: certificatesReply,
      async run({ body, request }) {
        await setMode(body.mode, changerOf(request))
        return overview()
      },
    }),
  ]
}

/** Certificates by which phones show who they are (SEC-B5). */
function clientRoutes({ clients, links }: Deps): Route[] {
  const edit = { needs: 'system.edit' as const, limit: 'general' as const, sudo: true }
  return [
    route({
      method: 'GET',
      path: '/api/certificates/clients',
      summary: 'Client certificates that were issued, newest first.',
      needs: 'system.view',
      limit: 'general',
      reply: clientCertificatesReply,
      run: async () => ({ certificates: clients.list() }),
    }),
    route({
      ...{ ...edit, method: 'POST', path: '/api/certificates/clients' },
      summary: 'Issues a client certificate; its file and password are shown this once.',
      limit: 'costly',
      body: issueClientBody,
      reply: issueClientReply,
      async run({ body, request }) {
        const { paths, ...issued } = await clients.issue(body, changerOf(request))
        const link = (path: string): string => `${links.httpOrigin()}${path}`
        return { ...issued, links: { pkcs12: link(paths.pkcs12), mobileconfig: link(paths.mobileconfig) } }
      },
    }),
    route({
      ...{ ...edit, method: 'DELETE', path: '/api/certificates/clients/:id' },
      summary: 'Revokes a client certificate at once; its connections end.',
      params: idParams,
      reply: done,
      async run({ params, request }) {
        await clients.revoke(params.id, changerOf(request))
        return ok
      },
    }),
    route({
      ...{ ...edit, method: 'PUT', path: '/api/certificates/clients-required' },
      summary:
        'Asks everybody for a client certificate, or nobody. At first on trial: off again if nobody comes in with one.',
      body: requireClientsBody,
      reply: done,
      async run({ body, request }) {
        await clients.require(body.required, changerOf(request))
        return ok
      },
    }),
  ]
}

export function tlsRoutes(deps: Deps): Route[] {
  return [...trustRoutes(deps), ...overviewRoutes(deps), ...clientRoutes(deps)]
}
