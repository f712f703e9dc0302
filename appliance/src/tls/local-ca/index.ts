import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { NoticeBoard } from '../../core/notices.ts'
import { factsOf, namesOf, type CertificateFacts } from '../certificate-facts.ts'
import type { CertificateSource, ServedCertificate } from '../source.ts'
import { createCertificateFiles, type CertificateFiles } from './certificate-files.ts'
import { createRoot, type KeyedCertificate } from './certificates.ts'
import { createLeafKeeper, RENEWED_AT, type LeafKeeper } from './leaf-keeper.ts'

export type { KeyedCertificate } from './certificates.ts'

/** The private root of the home, with its key. */
export interface HomeRoot extends KeyedCertificate {
  facts: CertificateFacts
}

/** The private root and the leaf for names and addresses of the home (SEC-B2): what is served where nothing better is. */
export interface LocalCa extends CertificateSource {
  /** Throws `internal` before start. */
  root(): HomeRoot
  /** A new leaf when a host is new or the old one is at 2/3 of its life. Called at start and each minute. */
  refresh(): Promise<void>
}

export interface LocalCaDeps {
  /** `tls/` of the data folder, or `TLS_CERT_DIR`. */
  folder: string
  log: Log
  notices: NoticeBoard
  /** Everything that the leaf should be good for, names first. */
  hosts(): readonly string[]
  /** The time to write into certificates: never before what is known to be past. */
  timeMs(): number
  /** Told when the root was made: that time is past, whatever the clock shows. */
  learn(pastMs: number): void
}

async function openRoot(files: CertificateFiles, nowMs: number, log: Log): Promise<HomeRoot> {
  const stored = await files.readRoot()
  const root = stored ?? (await createRoot(nowMs))
  if (!stored) await files.writeRoot(root)
  const facts = factsOf(root.certPem)
  if (!stored) log.info({ fingerprint: facts.fingerprint }, 'Made the private root of this home')
  return { ...root, facts }
}

/** Leaf first, then the root, as servers present them. */
function served(root: HomeRoot, leaf: KeyedCertificate): ServedCertificate {
  const { notBeforeMs, notAfterMs } = factsOf(leaf.certPem)
  const names = namesOf(leaf.certPem)
  return { certPem: leaf.certPem + root.certPem, keyPem: leaf.keyPem, names, notBeforeMs, notAfterMs }
}

export function createLocalCa(deps: LocalCaDeps): LocalCa {
  const { folder, log, notices, hosts, timeMs } = deps
  const files = createCertificateFiles(folder)
  const listeners = new Set<() => void>()
  let root: HomeRoot | null = null
  let leaves: LeafKeeper | null = null
  let current: ServedCertificate | null = null
  let lastTriedAtMs: number | null = null

  async function refresh(): Promise<void> {
    if (!root || !leaves) return
    lastTriedAtMs = timeMs()
    const changed = await leaves.refresh(hosts(), lastTriedAtMs)
    const leaf = leaves.current()
    if (leaf && (changed || !current)) current = served(root, leaf)
    if (changed) for (const listener of listeners) listener()
  }

  return {
    name: 'local-ca',
    current: () => current,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    status: () => ({
      kind: 'local-ca',
      lastRenewedAtMs: current?.notBeforeMs ?? null,
      lastTriedAtMs,
      nextTryAtMs: current && current.notBeforeMs + (current.notAfterMs - current.notBeforeMs) * RENEWED_AT,
      problem: null,
    }),
    root() {
      if (root) return root
      throw new LaresError('internal', 'There is no certificate before the start.')
    },
    refresh,
    async start() {
      root = await openRoot(files, timeMs(), log)
      deps.learn(root.facts.notBeforeMs)
      leaves = createLeafKeeper({ root, files, log, notices })
      // Not left to the loop: without a certificate nothing can listen, and a failure has to be said now.
      await refresh()
    },
    stop: async () => undefined,
  }
}
