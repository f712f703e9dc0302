import { execFile } from 'node:child_process'
import type { TcpNetConnectOpts } from 'node:net'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A TLS connection to the box, open once the handshake is done. */
export function openTls(
  port: number,
  options: ConnectionOptions & Partial<TcpNetConnectOpts> = {},
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** SHA-256 of what is shown under a name; no name: as a bare address. */
export async function shownUnder(port: number, servername?: string): Promise<string> {
  // From another address than other connections: one client gets only so many.
  const socket = await openTls(port, { localAddress: '127.0.0.2', ...(servername !== undefined && { servername }) })
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}

/** One request on an open connection; resolves with the status line. */
export function askOn(socket: TLSSocket, path = '/api/setup', host = 'lares.local'): Promise<string> {
  return new Promise((resolve, reject) => {
    const lost = (): void => reject(new Error('the connection was lost'))
    socket.once('close', lost)
    socket.once('data', (chunk: Buffer) => {
      socket.off('close', lost)
      resolve(chunk.toString().split('\r\n')[0] ?? '')
    })
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  })
}

export const closed = (socket: TLSSocket): Promise<void> =>
  socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()))

export interface CurlAnswer {
  exit: number
  /** 0 when there was no answer. */
  status: number
  words: string
}

/** The real curl. */
export async function curl(...args: string[]): Promise<CurlAnswer> {
  const all = ['--silent', '--show-error', '--max-time', '30', '--write-out', '\n%{http_code}', ...args]
  const { stdout, stderr, code } = await run('curl', all).then(
    (done) => ({ ...done, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  )
  const lines = stdout.split('\n')
  return { exit: code, status: Number(lines.at(-1)), words: stderr + lines.slice(0, -1).join('\n') }
}

/** Waits for a condition, never for a time. */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const limit = Date.now() + 60_000
  while (!(await isSo())) {
    if (Date.now() > limit) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
