import { join } from 'node:path'
import type { SecureContext } from 'node:tls'
import type { Clock } from '../../core/clock.ts'
import { LaresError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { NoticeBoard } from '../../core/notices.ts'
import type { Part } from '../../core/part.ts'
import type { Database } from '../../db/index.ts'
import type { Media } from '../../media/index.ts'
import type { Settings } from '../../settings/index.ts'
import type { Uploads } from '../uploads/index.ts'
import * as settingsOf from '../uploads/settings.ts'
import { createFtpAccounts, type FtpAccounts, type FtpAccountsDeps } from './accounts.ts'
import { startFtpServer, type FtpServer } from './server.ts'
import type { FtpLimits } from './types.ts'

const MB = 1_000_000
const MOST_CONNECTIONS = 64
const NOTICE_ID = 'ftp'

/** What FTP needs of other features; compose hands it in. */
export interface FtpPorts {
  /** Address to listen on. */
  host: string
  /** Addresses at which cameras reach the box, likeliest first. */
  addresses(): readonly string[]
  /** null: this box serves no certificate. */
  secureContext: (() => SecureContext) | null
  beginLogin: FtpAccountsDeps['beginLogin']
  onFailure: FtpAccountsDeps['onFailure']
}

export interface FtpDeps {
  ports: FtpPorts
  database: Database
  settings: Settings
  clock: Clock
  log: Log
  notices: NoticeBoard
  media: Pick<Media, 'isDiskLow'>
  uploads: Pick<Uploads, 'root' | 'arrived'>
  /** Of a camera that sends and is switched on; null for others. */
  folderOf(cameraId: string): string | null
}

export interface FtpState {
  state: 'off' | 'running' | 'failed'
  /** Why it does not run, in words. */
  problem: string | null
  port: number
}

export interface Ftp extends Part {
  readonly accounts: FtpAccounts
  status(): FtpState
}

/** The FTP server as the owner's settings want it; it follows them while the box runs. */
export function createFtp(deps: FtpDeps): Ftp {
  const { ports, settings, clock, uploads, folderOf } = deps
  let stopListening: (() => void)[] = []
  const accounts = createFtpAccounts({
    ...{ database: deps.database, clock, beginLogin: ports.beginLogin, onFailure: ports.onFailure },
    homeOf(cameraId) {
      const folder = folderOf(cameraId)
      return folder === null ? null : join(uploads.root(), folder)
    },
  })
  const running = createRunningServer(deps, accounts)

  return {
    name: 'ftp',
    accounts,
    status: running.status,
    async start() {
      const again = (): void => void running.follow(true)
      stopListening = [settings.onChange(settingsOf.ftpEnabled, again), settings.onChange(settingsOf.ftpPort, again)]
      await running.follow(true)
    },
    async stop() {
      stopListening.forEach((leave) => leave())
      await running.follow(false)
    },
  }
}

/** The one server, begun and ended as the settings say. */
function createRunningServer(deps: FtpDeps, accounts: FtpAccounts) {
  const { ports, settings, clock, log, notices, media, uploads } = deps
  let server: FtpServer | null = null
  let problem: string | null = null
  /** Changes run one after another. */
  let tail: Promise<void> = Promise.resolve()

  async function begin(): Promise<void> {
    const services = {
      ...{ clock, log, login: accounts.login, tls: ports.secureContext },
      limits: () => limitsOf(settings),
      isDiskLow: () => media.isDiskLow(),
      onStored: (path: string) => uploads.arrived(path),
    }
    try {
      server = await startFtpServer(services, { host: ports.host, port: settings.get(settingsOf.ftpPort) })
      log.info({ port: server.port }, 'FTP takes pictures in')
    } catch (error) {
      problem = error instanceof LaresError ? error.message : 'FTP cannot be started. The log says more.'
      log.warn({ err: messageOf(error) }, 'FTP cannot be started')
      const title = 'FTP takes no pictures'
      notices.raise({ id: NOTICE_ID, level: 'problem', title, detail: problem, link: '/more/settings' })
    }
  }

  async function end(): Promise<void> {
    await server?.stop()
    server = null
    problem = null
    notices.clear(NOTICE_ID)
  }

  return {
    follow(isOn: boolean): Promise<void> {
      tail = tail.then(async () => {
        await end()
        if (isOn && settings.get(settingsOf.ftpEnabled)) await begin()
      })
      return tail
    },
    status(): FtpState {
      const port = server?.port ?? settings.get(settingsOf.ftpPort)
      return { state: server ? 'running' : problem === null ? 'off' : 'failed', problem, port }
    },
  }
}

function limitsOf(settings: Settings): FtpLimits {
  const range = settingsOf.passiveRange(settings.get(settingsOf.ftpPassivePorts)) ?? { from: 50_000, to: 50_049 }
  return {
    requireTls: settings.get(settingsOf.ftpRequireTls),
    ...{ passiveFrom: range.from, passiveTo: range.to, publicAddress: settings.get(settingsOf.ftpPublicAddress) },
    ...{ mostConnections: MOST_CONNECTIONS, mostPerAddress: settings.get(settingsOf.ftpMostPerAddress) },
    largestFileBytes: settings.get(settingsOf.largestMb) * MB,
    quotaBytes: settings.get(settingsOf.ftpQuotaMb) * MB,
  }
}
