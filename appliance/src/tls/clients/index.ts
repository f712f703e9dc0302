import { X509Certificate } from 'node:crypto'
import type { ClientCertificate, IssueClientReply } from '../../api/certificates.ts'
import type { Audit, AuditEvent } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import type { NoticeBoard } from '../../core/notices.ts'
import type { Database } from '../../db/database.ts'
import type { Principal } from '../../http/route.ts'
import type { Settings } from '../../settings/types.ts'
import type { HomeRoot } from '../local-ca/index.ts'
import { createClientIdentity } from '../local-ca/certificates.ts'
import { verifyClient, verifyClientTrial } from '../settings.ts'
import { insertClient, listClients, markRevoked, markUsed, type StoredClient } from './client-certificate-store.ts'
import { clientProfile, newFilePassword } from './client-files.ts'
import { readAuthorities } from './other-authorities.ts'
import type { Pickup } from './pickup.ts'
import { pkcs12 } from './pkcs12.ts'

/** Switched on in the app, it goes off again when nobody came in with a certificate by then: nobody locks themselves out. */
const TRIAL_MS = 10 * 60_000
const USED_AGAIN_MS = 60 * 60_000
const MOST_CERTIFICATES = 200
const NOTICE = 'client-certificates'

/** Who changes something, for the record. */
export interface Changer {
  principal: Principal | null
  address: string
  userAgent: string
}

/** Client certificates of the household (SEC-B5). */
export interface Clients {
  /** Reads what is stored, and the file of further authorities. Throws `invalid` when that cannot be used. */
  load(): Promise<void>
  list(): ClientCertificate[]
  /** Throws `conflict` TOO_MANY_CLIENTS. */
  issue(input: { name: string; days: number }, by: Changer): Promise<Omit<IssueClientReply, 'links'> & PickupPaths>
  /** At once, for open connections too. Throws `not-found`, `conflict` LAST_CLIENT. */
  revoke(id: string, by: Changer): Promise<void>
  /** Throws `conflict` NO_CLIENT, SET_BY_ENVIRONMENT. */
  require(required: boolean, by: Changer): Promise<void>
  isRequired(): boolean
  trialEndsAtMs(): number | null
  otherAuthorities(): readonly X509Certificate[]
  /** PEM of whose certificates count; null: nobody is asked. */
  authorities(): readonly string[] | null
  admit(certificate: X509Certificate): boolean
  /** Ends a trial that nobody passed. Called each minute. */
  watch(): Promise<void>
  onChange(listener: () => void): () => void
}

export interface PickupPaths {
  paths: { pkcs12: string; mobileconfig: string }
}

export interface ClientsDeps {
  database: Database
  settings: Settings
  audit: Pick<Audit, 'record' | 'note'>
  clock: Clock
  log: Log
  notices: NoticeBoard
  pickup: Pickup
  root(): HomeRoot
  homeName(): string
  /** `TLS_CA_PATH`. */
  caPath: string | undefined
}

const stateOf = ({ revokedAt, expiresAt }: StoredClient, nowMs: number): ClientCertificate['state'] =>
  revokedAt !== null ? 'revoked' : expiresAt <= nowMs ? 'expired' : 'active'

const eventOf = (
  type: AuditEvent['type'],
  { principal, address, userAgent }: Changer,
  rest: Partial<AuditEvent>,
): AuditEvent => ({ type, who: principal, address, userAgent, ...rest })

/** What is known, in memory: asked at every handshake. */
function createRegister(clock: Clock) {
  const byFingerprint = new Map<string, StoredClient>()
  const all = (): StoredClient[] => [...byFingerprint.values()]
  const view = ({ revokedAt: _, ...client }: StoredClient, state: ClientCertificate['state']): ClientCertificate => ({
    ...client,
    state,
  })
  return {
    all,
    keep: (client: StoredClient): void => void byFingerprint.set(client.fingerprint, client),
    byFingerprint: (fingerprint: string): StoredClient | undefined => byFingerprint.get(fingerprint),
    byId: (id: string): StoredClient | undefined => all().find((client) => client.id === id),
    active: (): StoredClient[] => all().filter((client) => stateOf(client, clock.now()) === 'active'),
    list: (): ClientCertificate[] =>
      all()
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .map((client) => view(client, stateOf(client, clock.now()))),
  }
}

type Register = ReturnType<typeof createRegister>

/** Whether everybody has to show one, and the trial at its beginning. */
function createRequirement({ settings, clock, log, notices, audit }: ClientsDeps, tell: () => void) {
  const isRequired = (): boolean => settings.get(verifyClient)
  const trialEndsAtMs = (): number | null => (isRequired() && settings.get(verifyClientTrial)) || null

  async function pass(): Promise<void> {
    if (trialEndsAtMs() === null) return
    await settings.set(verifyClientTrial, 0)
    log.info('Client certificates work: they have to be shown from now on')
  }

  async function watch(): Promise<void> {
    const endsAt = trialEndsAtMs()
    if (endsAt === null || clock.now() < endsAt) return
    await settings.set(verifyClient, false)
    await settings.set(verifyClientTrial, 0)
    audit.note({ type: 'tls_changed', severity: 'WARNING', details: { clientsRequired: false, reason: 'trial over' } })
    notices.raise({
      ...{ id: NOTICE, level: 'warning', title: 'Client certificates are not asked for any more' },
      detail:
        'Nobody came in with one within ten minutes after it was switched on, so it was switched off again. ' +
        'Install the certificate on your phone first, then switch it on.',
      link: '/more/certificates',
    })
  }

  settings.onChange(verifyClient, (required) => {
    notices.clear(NOTICE)
    // From whatever page it came: a try at first.
    if (!required) return tell()
    void settings
      .set(verifyClientTrial, clock.now() + TRIAL_MS)
      .catch((error: unknown) => log.warn({ err: messageOf(error) }, 'There is no trial: the setting cannot be stored'))
      .finally(tell)
  })
  return { isRequired, trialEndsAtMs, pass, watch }
}

function createIssuer(deps: ClientsDeps, register: Register) {
  const { database, audit, clock, root, homeName, pickup } = deps
  return async ({ name, days }: { name: string; days: number }, by: Changer) => {
    if (register.active().length >= MOST_CERTIFICATES)
      throw new LaresError('conflict', 'There are too many client certificates. Take some back first.', {
        code: 'TOO_MANY_CLIENTS',
      })
    const nowMs = clock.now()
    const identity = await createClientIdentity(root(), { name, days, nowMs })
    const { fingerprint256: fingerprint } = new X509Certificate(identity.certificateDer)
    const client: StoredClient = {
      ...{ id: newId(nowMs), name, fingerprint, issuedBy: by.principal?.username ?? null },
      ...{ createdAt: nowMs, expiresAt: identity.notAfterMs, lastUsedAt: null, revokedAt: null },
    }
    const password = newFilePassword()
    const file = pkcs12({ ...identity, name: `Lares ${name}`, password })
    await database.transaction(async (trx) => {
      await insertClient(trx, client)
      const resource = `client-certificate:${client.id}`
      await audit.record(trx, eventOf('client_certificate_issued', by, { resource, details: { days } }))
    })
    register.keep(client)
    const profile = clientProfile(file, { fingerprint, name, homeName: homeName() })
    const { paths, untilMs } = pickup.put({ pkcs12: file, mobileconfig: profile })
    const certificate = register.list().find(({ id }) => id === client.id) as ClientCertificate
    return { certificate, password, pkcs12: file.toString('base64'), paths, linksUntil: untilMs }
  }
}

type Requirement = ReturnType<typeof createRequirement>

/** Who may come in, asked at every handshake; whoever does is remembered. */
function createAdmission(deps: ClientsDeps, register: Register, requirement: Requirement) {
  const { database, clock, log, root } = deps

  function passTrial(): void {
    void requirement.pass().catch((error: unknown) => log.warn({ err: messageOf(error) }, 'The trial cannot be ended'))
  }

  function noteUse(client: StoredClient): void {
    const nowMs = clock.now()
    if (client.lastUsedAt !== null && nowMs - client.lastUsedAt < USED_AGAIN_MS) return
    register.keep({ ...client, lastUsedAt: nowMs })
    void markUsed(database.writer, client.id, nowMs).catch((error: unknown) =>
      log.warn({ err: messageOf(error) }, 'The use of a client certificate cannot be written down'),
    )
  }

  return (certificate: X509Certificate, others: readonly X509Certificate[]): boolean => {
    const isOurs = certificate.checkIssued(new X509Certificate(root().certPem))
    const client = isOurs ? register.byFingerprint(certificate.fingerprint256) : undefined
    // Who another authority vouches for is its affair; ours vouches only for what is in the list.
    const mayEnter = isOurs ? client !== undefined && stateOf(client, clock.now()) === 'active' : others.length > 0
    if (mayEnter) passTrial()
    if (mayEnter && client) noteUse(client)
    return mayEnter
  }
}

function createRevocation(deps: ClientsDeps, register: Register, isNeeded: () => boolean, tell: () => void) {
  const { database, audit, clock } = deps
  return async (id: string, by: Changer): Promise<void> => {
    const client = register.byId(id)
    if (!client) throw new LaresError('not-found', 'There is no such client certificate.')
    if (client.revokedAt !== null) return
    const left = register.active().filter((one) => one.id !== id)
    if (left.length === 0 && isNeeded())
      throw new LaresError('conflict', 'This is the last certificate by which anybody can come in.', {
        code: 'LAST_CLIENT',
      })
    const revokedAt = clock.now()
    await database.transaction(async (trx) => {
      await markRevoked(trx, id, revokedAt)
      const resource = `client-certificate:${id}`
      await audit.record(trx, eventOf('client_certificate_revoked', by, { resource, severity: 'WARNING' }))
    })
    register.keep({ ...client, revokedAt })
    tell()
  }
}

export function createClients(deps: ClientsDeps): Clients {
  const { database, settings, audit, clock, root } = deps
  const register = createRegister(clock)
  const listeners = new Set<() => void>()
  const tell = (): void => listeners.forEach((listener) => listener())
  const requirement = createRequirement(deps, tell)
  const admit = createAdmission(deps, register, requirement)
  let others: X509Certificate[] = []

  return {
    ...{ list: register.list, issue: createIssuer(deps, register) },
    ...{ isRequired: requirement.isRequired, trialEndsAtMs: requirement.trialEndsAtMs, watch: requirement.watch },
    revoke: createRevocation(deps, register, () => requirement.isRequired() && others.length === 0, tell),
    admit: (certificate) => admit(certificate, others),
    async load() {
      others = await readAuthorities(deps.caPath)
      for (const client of await listClients(database.reader)) register.keep(client)
    },
    otherAuthorities: () => others,
    authorities: () =>
      requirement.isRequired() ? [root().certPem, ...others.map((certificate) => certificate.toString())] : null,
    async require(required, by) {
      if (required && register.active().length === 0 && others.length === 0)
        throw new LaresError('conflict', 'Issue a certificate for your own phone first, or nobody could come in.', {
          code: 'NO_CLIENT',
        })
      await database.transaction(async (trx) => {
        await settings.set(verifyClient, required, trx)
        const details = { clientsRequired: required }
        await audit.record(trx, eventOf('tls_changed', by, { severity: 'WARNING', details }))
      })
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
