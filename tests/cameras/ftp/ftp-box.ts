// An FTP server of ours on a free port, with a home of its own.
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { startFtpServer, type FtpServer } from '../../../appliance/src/cameras/ftp/server.ts'
import type { FtpLimits } from '../../../appliance/src/cameras/ftp/types.ts'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { createLog } from '../../../appliance/src/core/log.ts'
import { makeCertificate } from '../../fakes/certificate.ts'

export const PASSWORD = 'kfz73m2qpwxn9abc'
/** Its end is chosen by chance, so that tests beside each other do not meet. */
const passiveFrom = 42_000 + Math.floor(Math.random() * 9_000)

export interface FtpBox {
  server: FtpServer
  root: string
  home: string
  stored: string[]
  limits: FtpLimits
  certificate: string
  disk: { low: boolean }
  remove(): Promise<void>
}

export async function startFtpBox(limits: Partial<FtpLimits> = {}): Promise<FtpBox> {
  const root = await mkdtemp(join(tmpdir(), 'lares-ftp-'))
  const home = join(root, 'front_door')
  await mkdir(home)
  const stored: string[] = []
  const disk = { low: false }
  const { certPem, keyPem } = await makeCertificate()
  const context = createSecureContext({ cert: certPem, key: keyPem })
  const all: FtpLimits = {
    ...{ requireTls: false, passiveFrom, passiveTo: passiveFrom + 30, publicAddress: '' },
    ...{ mostConnections: 20, mostPerAddress: 8, largestFileBytes: 1_000_000, quotaBytes: 3_000_000, ...limits },
  }
  const server = await startFtpServer(
    {
      ...{ clock: systemClock, log: createLog({ level: 'error' }), limits: () => all, tls: () => context },
      login: async (username, password) =>
        username === 'front_door' && password === PASSWORD ? { username, folder: home } : null,
      isDiskLow: () => disk.low,
      onStored: (path) => void stored.push(path),
    },
    { host: '127.0.0.1', port: 0 },
  )
  return {
    ...{ server, root, home, stored, limits: all, certificate: certPem, disk },
    async remove() {
      await server.stop()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** A control connection, word by word. */
export class Talk {
  readonly socket: Socket
  #text = ''
  #wake = (): void => undefined
  ended = false

  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect(port, host)
    this.socket.setEncoding('latin1')
    this.socket.on('data', (chunk: string) => {
      this.#text += chunk
      this.#wake()
    })
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => {
      this.ended = true
      this.#wake()
    })
  }

  /** The next reply, its last line. */
  async reply(): Promise<string> {
    for (;;) {
      const found = /^(?:\d{3}-[\s\S]*?\r\n)?(\d{3} .*)\r\n/.exec(this.#text)
      if (found) {
        this.#text = this.#text.slice(found[0].length)
        return found[1] as string
      }
      if (this.ended) return 'closed'
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  ask(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`)
    return this.reply()
  }

  async signIn(): Promise<void> {
    await this.reply()
    await this.ask('USER front_door')
    const answer = await this.ask(`PASS ${PASSWORD}`)
    if (!answer.startsWith('230')) throw new Error(answer)
  }

  async passivePort(): Promise<number> {
    const answer = await this.ask('EPSV')
    return Number(/\(\|\|\|(\d+)\|\)/.exec(answer)?.[1])
  }

  end(): void {
    this.socket.destroy()
  }
}
