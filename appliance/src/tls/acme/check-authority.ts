import { z } from 'zod'
import type { AcmeCheckStep } from '../../api/acme.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { WebCaller } from '../../core/web-call.ts'
import type { AcmeConfig } from './config.ts'
import { unreachable } from './problems.ts'

const directory = z.object({
  newOrder: z.url(),
  meta: z
    .object({
      termsOfService: z.string().optional(),
      externalAccountRequired: z.boolean().optional(),
      profiles: z.record(z.string(), z.string()).optional(),
    })
    .default({}),
})

/** Does the directory answer, and does it have what is configured? */
export async function checkAuthority(config: AcmeConfig, call: WebCaller, signal: AbortSignal): Promise<AcmeCheckStep> {
  const { host } = new URL(config.directoryUrl)
  const step = (outcome: AcmeCheckStep['outcome'], words: string): AcmeCheckStep => ({
    ...{ step: 'authority' as const, name: null, outcome, words },
  })
  try {
    const reply = await call({ url: config.directoryUrl, method: 'GET', headers: {}, signal })
    const parsed = directory.safeParse(parseOrNull(reply.body))
    if (!parsed.success) return step('failed', `${host} answers, but not as a certificate authority.`)
    const missing = missingFor(config, parsed.data.meta)
    return missing === null ? step('ok', `${host} answers.`) : step('failed', missing)
  } catch (error) {
    const told = error instanceof LaresError ? error : unreachable(`The authority ${host}`, error)
    return step('failed', messageOf(told))
  }
}

function missingFor(
  { agreeTerms, externalAccount, profile }: AcmeConfig,
  meta: z.infer<typeof directory>['meta'],
): string | null {
  if (meta.termsOfService !== undefined && !agreeTerms)
    return `Read the terms of the authority and agree to them first: ${meta.termsOfService}`
  if (meta.externalAccountRequired === true && !externalAccount)
    return 'This authority hands out a key id and a key for new accounts; enter yours.'
  if (profile !== '' && meta.profiles?.[profile] === undefined)
    return `The authority offers no kind of certificate called ${profile}.`
  return null
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
