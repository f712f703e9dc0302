import { mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { writeFileDurably } from '../../core/disk.ts'
import { messageOf, systemCodeOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { NoticeBoard } from '../../core/notices.ts'
import { supervise } from '../../core/supervise.ts'
import type { CertificateSource, ServedCertificate } from '../source.ts'
import { checkProvided, type Verdict } from './check-files.ts'

export interface ProvidedDeps {
  /** `TLS_CERT_PATH`: leaf, then its chain. */
  certPath: string
  /** `TLS_KEY_PATH`. */
  keyPath: string
  /** Where the last good pair is kept, for a start in the middle of a copy. */
  folder: string
  /** PEM of roots that may end a chain, beside the public ones. */
  roots(): readonly string[]
  clock: Clock
  log: Log
  notices: NoticeBoard
}

const LOOK_EVERY_MS = 5_000
const NOTICE = 'certificate-provided'
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a folder',
}

class Unreadable extends Error {}

const unreadable = (path: string, error: unknown): Unreadable =>
  new Unreadable(`The file ${path} ${WHY[systemCodeOf(error) ?? ''] ?? 'cannot be read'}.`)

/** Changes whenever one of the files does; what is wrong with one that cannot be looked at is part of it. */
async function stampOf(paths: readonly string[]): Promise<string> {
  const stamps = paths.map(async (path) => {
    const info = await stat(path).catch((error: unknown) => systemCodeOf(error) ?? 'unknown')
    return typeof info === 'string' ? info : `${info.mtimeMs} ${info.size} ${info.ino}`
  })
  return (await Promise.all(stamps)).join(' · ')
}

const readText = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error)
  })

/** The last good pair, on disk. */
function createKept({ folder, clock, log, roots }: ProvidedDeps) {
  const file = join(folder, 'provided.pem')
  return {
    async read(): Promise<ServedCertificate | null> {
      const text = await readFile(file, 'utf8').catch(() => null)
      if (text === null) return null
      const keyAt = text.lastIndexOf('-----BEGIN ')
      const files = { certText: text.slice(0, keyAt), keyText: text.slice(keyAt), roots: roots(), nowMs: clock.now() }
      const verdict = checkProvided(files)
      return 'certificate' in verdict ? verdict.certificate : null
    },
    async write({ certPem, keyPem }: ServedCertificate): Promise<void> {
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 })
        await writeFileDurably(file, certPem + keyPem)
      } catch (error) {
        log.warn({ err: messageOf(error) }, 'The certificate that was provided cannot be kept as a copy')
      }
    },
  }
}

/** Tells the owner what is wrong, once it is more than a file on its way. */
function createTeller(notices: NoticeBoard): (problem: string | null, served: ServedCertificate | null) => void {
  return (problem, served) => {
    if (problem === null) return notices.clear(NOTICE)
    notices.raise({
      ...{ id: NOTICE, level: served ? ('warning' as const) : ('problem' as const), link: '/more/certificates' },
      title: 'The certificate that was provided cannot be used',
      detail: `${problem} ${served ? 'The one before it is still served.' : 'The private certificate of this box is served instead.'} Lares looks again by itself.`,
    })
  }
}

async function judge({ certPath, keyPath, roots, clock }: ProvidedDeps): Promise<Verdict> {
  try {
    const [certText, keyText] = await Promise.all([readText(certPath), readText(keyPath)])
    return checkProvided({ certText, keyText, roots: roots(), nowMs: clock.now() })
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message }
    throw error
  }
}

/** Certificate and key out of two files that somebody else writes (SEC-B1): looked at often, believed only when whole. */
// eslint-disable-next-line max-lines-per-function -- one small state machine: what is served, what was seen, what is wrong
export function createProvided(deps: ProvidedDeps): CertificateSource {
  const { certPath, keyPath, clock, log, notices } = deps
  const kept = createKept(deps)
  const tell = createTeller(notices)
  const listeners = new Set<() => void>()
  let current: ServedCertificate | null = null
  let problem: string | null = null
  let lastRenewedAtMs: number | null = null
  let lastTriedAtMs: number | null = null
  /** Of the last look, and of the last files that were judged. */
  let seen = ''
  let judged = ''

  async function take(certificate: ServedCertificate): Promise<void> {
    const isNew = certificate.certPem !== current?.certPem || certificate.keyPem !== current.keyPem
    problem = null
    tell(null, certificate)
    if (!isNew) return
    current = certificate
    lastRenewedAtMs = clock.now()
    log.info(
      { names: certificate.names, until: new Date(certificate.notAfterMs).toISOString() },
      'A certificate was provided',
    )
    for (const listener of listeners) listener()
    await kept.write(certificate)
  }

  async function look(): Promise<void> {
    const stamp = await stampOf([certPath, keyPath])
    const isAtRest = stamp === seen
    seen = stamp
    // A bad pair is judged again as time goes on: "not yet good" becomes good by itself.
    if (stamp === judged && problem === null) return
    lastTriedAtMs = clock.now()
    const verdict = await judge(deps)
    judged = stamp
    if ('certificate' in verdict) return take(verdict.certificate)
    if (verdict.problem !== problem)
      log.warn({ reason: verdict.problem }, 'The certificate that was provided cannot be used')
    problem = verdict.problem
    // Files that have just changed may still be on their way: the owner hears of it only when they stay as they are.
    if (isAtRest) tell(problem, current)
  }

  const watch = supervise({ name: 'provided certificate', clock, log, pauseMs: LOOK_EVERY_MS, runOnce: look })
  return {
    name: 'provided',
    current: () => current,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    status: () => ({
      ...{ kind: 'provided' as const, lastRenewedAtMs, lastTriedAtMs, problem },
      nextTryAtMs: problem === null ? null : clock.now() + LOOK_EVERY_MS,
    }),
    async start() {
      await look()
      current ??= await kept.read()
      await watch.start()
    },
    stop: () => watch.stop(),
  }
}
