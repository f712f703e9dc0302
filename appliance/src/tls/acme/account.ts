import { generateKeyPairSync } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { WebCaller } from '../../core/web-call.ts'
import { openClient, type AcmeClient, type Directory } from './client.ts'
import type { AcmeConfig } from './config.ts'
import type { AcmeFiles, StoredAccount } from './files.ts'

interface Deps {
  config: AcmeConfig
  files: AcmeFiles
  call: WebCaller
  clock: Clock
  signal: AbortSignal
}

/** A private key on P-256, PKCS#8 PEM. */
export function newKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
}

const refuse = (words: string, code: string): LaresError => new LaresError('conflict', words, { code })

/** What an authority asks before it makes an account. Agreement is the owner's to give, never ours. */
function requireAgreement({ agreeTerms, externalAccount }: AcmeConfig, { meta = {} }: Directory): void {
  if (meta.termsOfService !== undefined && !agreeTerms)
    throw refuse(`Read the terms of the authority and agree to them first: ${meta.termsOfService}`, 'TERMS_NOT_AGREED')
  if (meta.externalAccountRequired === true && !externalAccount)
    throw refuse(
      'This authority hands out a key id and a key for new accounts; enter yours.',
      'EXTERNAL_ACCOUNT_MISSING',
    )
}

async function register(client: AcmeClient, stored: StoredAccount, { agreeTerms, email }: AcmeConfig): Promise<string> {
  const contact = email === '' ? [] : [`mailto:${email}`]
  if (stored.accountUrl === null)
    await client.step((library) => library.createAccount({ termsOfServiceAgreed: agreeTerms, contact }))
  else await client.step((library) => library.updateAccount({ contact }))
  return client.library.getAccountUrl()
}

/**
 * A conversation in which the account is known. Its key is on the disk before the authority hears of it, so that a power
 * cut never loses an account: the same key asks again and is told that it has one.
 */
export async function openAccount(deps: Deps): Promise<AcmeClient> {
  const { config, files, call, clock, signal } = deps
  const { directoryUrl, email, externalAccount } = config
  const kept = await files.readAccount(directoryUrl)
  const stored: StoredAccount = kept ?? { directoryUrl, keyPem: newKeyPem(), accountUrl: null, email: '' }
  const { keyPem: accountKeyPem, accountUrl } = stored
  const client = await openClient({ directoryUrl, accountKeyPem, accountUrl, externalAccount, call, clock, signal })
  if (accountUrl !== null && stored.email === email) return client
  if (accountUrl === null) requireAgreement(config, await client.directory())
  if (!kept) await files.writeAccount(stored)
  const url = await register(client, stored, config)
  await files.writeAccount({ ...stored, accountUrl: url, email })
  return client
}

/** The authority says that it does not know the account: the same key makes a new one next time. */
export async function forgetAccountUrl(files: AcmeFiles, directoryUrl: string): Promise<void> {
  const stored = await files.readAccount(directoryUrl)
  if (stored) await files.writeAccount({ ...stored, accountUrl: null })
}
