import { z } from 'zod'
import { trustReply, type Trust } from '../api/system.ts'
import { route, type Route } from '../http/route.ts'
import { ROOT_FILES, rootDownload, type RootCertificate } from './trust/root-downloads.ts'
import { CHECK_PATH } from './trust/trust-page.ts'

interface Deps {
  root(): RootCertificate
  homeName(): string
  trust(): Trust
}

/** One transparent pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

export function tlsRoutes(deps: Deps): Route[] {
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
      run: async () => ({
        kind: 'bytes' as const,
        body: PIXEL,
        contentType: 'image/png',
        cacheS: 0,
        anyOrigin: true as const,
      }),
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
