import type AcmeLibrary from 'acme-client'
import { sleep, type Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { ServedCertificate } from '../source.ts'
import { newKeyPem } from './account.ts'
import type { AcmeClient, Directory } from './client.ts'
import type { AcmeConfig } from './config.ts'
import { certificatesIn, type AcmeFiles, type StoredOrder } from './files.ts'
import { identifierOf } from './names.ts'
import { acmeKindOf, problemError } from './problems.ts'
import { prove } from './prove.ts'
import type { Solver } from './solvers.ts'

const SECOND_MS = 1_000
const FIRST_PAUSE_MS = SECOND_MS
const LONGEST_PAUSE_MS = 10 * SECOND_MS
const LONGEST_ASKED_PAUSE_MS = 60 * SECOND_MS
const PATIENCE_MS = 10 * 60 * SECOND_MS
/** An order older than that would give a certificate with a part of its life gone. */
const OLDEST_ORDER_MS = 24 * 60 * 60 * SECOND_MS

export interface IssueDeps {
  client: AcmeClient
  config: AcmeConfig
  files: AcmeFiles
  solver: Solver
  /** RFC 9773: name of the certificate that the new one replaces; null: none, or of another authority. */
  replaces: string | null
  clock: Clock
  log: Log
  signal: AbortSignal
}

type Order = AcmeLibrary.Order
interface Begun {
  order: Order
  keyPem: string
}

/** Asks until `isDone`, at the pace the authority wishes. Throws `unavailable` when that takes too long: then it goes on later. */
async function poll<T extends { status: string }>(
  { client, clock, signal }: IssueDeps,
  ask: () => Promise<T>,
  isDone: (status: string) => boolean,
): Promise<T> {
  const until = clock.monotonic() + PATIENCE_MS
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const item = await ask()
    if (isDone(item.status)) return item
    const waitMs = Math.min(Math.max(client.lastRetryAfterMs() ?? 0, pauseMs), LONGEST_ASKED_PAUSE_MS)
    if (clock.monotonic() + waitMs > until)
      throw new LaresError('unavailable', 'The authority takes longer than ten minutes; this goes on later.')
    await sleep(clock, waitMs, signal)
    if (signal.aborted) throw new LaresError('unavailable', 'Stopped.', { code: 'STOPPED' })
  }
}

/** What was ordered before a power cut or a lost connection, when it is still good for something. */
async function resume({ client, config, files, clock }: IssueDeps): Promise<Begun | null> {
  const stored = await files.readOrder()
  if (!stored) return null
  const isSame =
    stored.directoryUrl === config.directoryUrl &&
    stored.profile === config.profile &&
    stored.names.join() === config.names.join()
  const isFresh = Math.abs(clock.now() - stored.startedAtMs) < OLDEST_ORDER_MS
  const order = isSame && isFresh ? await ordered(client, stored) : null
  if (order && order.status !== 'invalid') return { order, keyPem: stored.keyPem }
  await files.removeOrder()
  return null
}

async function ordered(client: AcmeClient, { url }: StoredOrder): Promise<Order | null> {
  try {
    return await client.step((library) => library.getOrder({ url } as Order))
  } catch (error) {
    // Refused for good: gone, or of another account. Not reached is another matter.
    if (error instanceof LaresError && error.kind === 'conflict' && acmeKindOf(error) !== 'accountDoesNotExist')
      return null
    throw error
  }
}

function orderRequest({ config, replaces }: IssueDeps, { meta, renewalInfo }: Directory): object {
  const { profile } = config
  if (profile !== '' && meta?.profiles?.[profile] === undefined)
    throw new LaresError(
      'conflict',
      `The authority offers no kind of certificate called ${profile} (it has: ${Object.keys(meta?.profiles ?? {}).join(', ') || 'none'}).`,
      { code: 'PROFILE_UNKNOWN' },
    )
  return {
    identifiers: config.names.map(identifierOf),
    ...(profile !== '' && { profile }),
    ...(replaces !== null && renewalInfo !== undefined && { replaces }),
  }
}

async function order(deps: IssueDeps): Promise<Begun> {
  const { client, config, files, clock } = deps
  const request = orderRequest(deps, await client.directory())
  const create = (body: object): Promise<Order> => client.step((library) => library.createOrder(body as never))
  const made = await create(request).catch((error: unknown) => {
    // It counts as replaced already: an order of ours whose end we never saw.
    if (acmeKindOf(error) === 'alreadyReplaced') return create({ ...request, replaces: undefined })
    throw error
  })
  const keyPem = newKeyPem()
  const { directoryUrl, profile, names } = config
  const startedAtMs = clock.now()
  // Before anything is proven or signed: from here on a power cut costs nothing but time.
  await files.writeOrder({ directoryUrl, profile, names: [...names], url: made.url, keyPem, startedAtMs })
  return { order: made, keyPem }
}

const isSettled = (status: string): boolean => status !== 'pending' && status !== 'processing'

async function authorizationAt({ client }: IssueDeps, url: string): Promise<AcmeLibrary.Authorization> {
  const [authorization] = await client.step((library) => library.getAuthorizations({ authorizations: [url] } as Order))
  if (!authorization) throw new LaresError('unavailable', 'The authority gave no answer about the proof of a name.')
  return authorization
}

function failure({ identifier, challenges, status }: AcmeLibrary.Authorization): LaresError {
  const told = challenges.find(({ error }) => error !== undefined)?.error
  const error = problemError(told ?? { type: 'about:blank' }, 403, null)
  const why = told === undefined ? `the proof counts as ${status}.` : error.message
  return new LaresError('conflict', `${identifier.value}: ${why}`, {
    code: error.code,
    ...(error.details && { details: error.details }),
  })
}

async function proveName(deps: IssueDeps, url: string): Promise<void> {
  const { client, config, solver, signal, log } = deps
  const authorization = await authorizationAt(deps, url)
  const { identifier, status } = authorization
  if (status === 'valid') return
  if (status !== 'pending') throw failure(authorization)
  const challenge = authorization.challenges.find(({ type }) => type === config.challenge)
  if (!challenge)
    throw new LaresError('conflict', `The authority offers no ${config.challenge} for ${identifier.value}.`)
  const answer = await client.library.getChallengeKeyAuthorization(challenge)
  const withdraw = await solver.present(identifier.value, challenge.token, answer, signal)
  try {
    // One that is being looked at must not be asked for again.
    if (challenge.status === 'pending') await client.step((library) => library.completeChallenge(challenge))
    const end = await poll(deps, () => authorizationAt(deps, url), isSettled)
    if (end.status !== 'valid') throw failure(end)
  } finally {
    await withdraw().catch((error: unknown) => log.warn({ err: messageOf(error) }, 'A proof could not be taken away'))
  }
}

async function finalize({ client, config }: IssueDeps, { order: ready, keyPem }: Begun): Promise<Order> {
  const { crypto } = (await import('acme-client')).default
  const [, request] = await crypto.createCsr({ altNames: [...config.names] }, keyPem)
  try {
    return await client.step((library) => library.finalizeOrder(ready, request))
  } catch (error) {
    // Its answer to a first finalize was lost: the order says how it stands.
    if (acmeKindOf(error) !== 'orderNotReady') throw error
    return client.step((library) => library.getOrder(ready))
  }
}

/** From order to certificate. Names are proven one after the other: some providers hold one text at a time. */
async function complete(deps: IssueDeps, begun: Begun): Promise<string> {
  const { client } = deps
  const again = (): Promise<Order> => client.step((library) => library.getOrder(begun.order))
  let now = begun.order
  if (now.status === 'pending') {
    for (const url of now.authorizations) await proveName(deps, url)
    now = await poll(deps, again, (status) => status !== 'pending')
  }
  if (now.status === 'ready') now = await finalize(deps, { ...begun, order: now })
  if (now.status === 'processing' || now.status === 'ready')
    now = await poll(deps, again, (status) => status === 'valid' || status === 'invalid')
  if (now.status !== 'valid') throw problemError(now.error ?? { type: 'about:blank' }, 403, null)
  return client.step((library) => library.getCertificate({ ...now, url: begun.order.url }))
}

/**
 * A certificate for the configured names, proven and on the disk. What was ordered before is finished rather than
 * ordered again. Throws a LaresError in plain words; whatever was served before stays.
 */
export async function issue(deps: IssueDeps): Promise<ServedCertificate> {
  const { files, config, clock } = deps
  const begun = (await resume(deps)) ?? (await order(deps))
  try {
    const text = await complete(deps, begun)
    const chain = { certPem: certificatesIn(text).join(''), keyPem: begun.keyPem }
    const served = prove(chain, config.names, clock.now())
    await files.writeCertificate(chain)
    await files.removeOrder()
    return served
  } catch (error) {
    // Failed for good; what was only not reached is taken up again.
    if (error instanceof LaresError && error.kind === 'conflict') await files.removeOrder()
    throw error
  }
}
