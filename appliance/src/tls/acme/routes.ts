import { acmeCheckReply, type AcmeCheckStep } from '../../api/acme.ts'
import { done } from '../../api/common.ts'
import { route, type Route } from '../../http/route.ts'

interface Deps {
  check(signal: AbortSignal): Promise<AcmeCheckStep[]>
  renew(): Promise<void>
}

export function acmeRoutes({ check, renew }: Deps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/certificates/acme/check',
      summary: 'Tries whether the certificate authority could prove the names; orders nothing.',
      needs: 'system.edit',
      limit: 'costly',
      reply: acmeCheckReply,
      run: async ({ request }) => ({ steps: await check(request.signal) }),
    }),
    route({
      method: 'POST',
      path: '/api/certificates/acme/renew',
      summary: 'Orders a new public certificate now; how that goes is in the status.',
      needs: 'system.edit',
      limit: 'costly',
      sudo: true,
      reply: done,
      async run() {
        await renew()
        return { ok: true as const }
      },
    }),
  ]
}
