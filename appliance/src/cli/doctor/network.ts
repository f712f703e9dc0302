import { X509Certificate } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import type { BootConfig } from '../../boot-config.ts'
import type { Clock } from '../../core/clock.ts'
import { systemCodeOf } from '../../core/errors.ts'
import { reach } from './cameras.ts'
import { fact, good, problem, warning, type Examine, type Finding } from './finding.ts'

const DAY_MS = 86_400_000
/** This program is younger than that. */
const EARLIEST_MS = Date.UTC(2026, 0, 1)
const SOON_DAYS = 14
const SYNCHRONISED = '/run/systemd/timesync/synchronized'

/** Clock, ports and certificate. */
export const examineNetwork: Examine = async ({ input: { config, clock }, isRunning }) => [
  await examineClock(clock),
  await examinePort(config, clock, 'HTTPS port', config.httpsPort, isRunning),
  await examinePort(config, clock, 'HTTP port', config.httpPort, isRunning),
  await examineCertificate(config, clock, isRunning),
]

async function examineClock(clock: Clock): Promise<Finding> {
  const now = new Date(clock.now()).toISOString()
  if (clock.now() < EARLIEST_MS)
    return problem('Clock', `${now} cannot be.`, 'Switch time synchronisation on: sudo timedatectl set-ntp true')
  const isSynchronised = await access(SYNCHRONISED).then(
    () => true,
    () => false,
  )
  return isSynchronised ? good('Clock', `${now}, synchronised`) : fact('Clock', now)
}

async function examinePort(
  { host }: BootConfig,
  clock: Clock,
  name: string,
  port: number,
  isRunning: boolean,
): Promise<Finding> {
  if (port === 0) return fact(name, 'A free one at each start.')
  if (isRunning) {
    const answers = await reach(clock, loopbackOf(host), port).then(
      () => true,
      () => false,
    )
    const fix = 'Start doctor with the same --https-port and --http-port as Lares.'
    return answers ? good(name, `${port} answers.`) : warning(name, `Nothing answers on ${port}.`, fix)
  }
  const reason = await whyTaken(host, port)
  if (reason === null) return good(name, `${port} is free.`)
  const fix =
    reason === 'EACCES'
      ? `Only an administrator may use ${port}: choose one above 1023.`
      : 'Stop the other program, or choose another port.'
  return problem(name, `${port} cannot be used (${reason}).`, fix)
}

const loopbackOf = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)

/** null when the port can be had. */
function whyTaken(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(systemCodeOf(error) ?? 'unknown'))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}

async function examineCertificate(config: BootConfig, clock: Clock, isRunning: boolean): Promise<Finding> {
  const certificate = isRunning
    ? await served(loopbackOf(config.host), config.httpsPort)
    : await stored(config.tls.certPath ?? join(config.tls.certDir ?? join(config.dataDir, 'tls'), 'leaf.pem'))
  if (!certificate)
    return fact('Certificate', isRunning ? 'None is served.' : 'None yet: one is made at the first start.')
  return judgeCertificate(certificate.validToDate.getTime(), clock.now())
}

export function judgeCertificate(untilMs: number, nowMs: number): Finding {
  const days = Math.floor((untilMs - nowMs) / DAY_MS)
  const fix = 'Lares renews it by itself while it runs; look into the app under Certificates.'
  if (untilMs <= nowMs) return problem('Certificate', 'It is over.', fix)
  const words = `Good for ${days} more days.`
  return days < SOON_DAYS ? warning('Certificate', words, fix) : good('Certificate', words)
}

async function stored(file: string): Promise<X509Certificate | null> {
  try {
    return new X509Certificate(await readFile(file))
  } catch {
    return null
  }
}

const PATIENCE_MS = 3_000

/** What is really shown to those who connect; whether it is trusted is not the question here. */
function served(host: string, port: number): Promise<X509Certificate | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: PATIENCE_MS })
    const end = (certificate: X509Certificate | null): void => {
      socket.destroy()
      resolve(certificate)
    }
    socket.once('secureConnect', () => end(socket.getPeerX509Certificate() ?? null))
    socket.once('error', () => end(null))
    socket.once('timeout', () => end(null))
  })
}
