import { createWriteStream } from 'node:fs'
import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request, type Agent } from 'node:https'
import { pipeline } from 'node:stream/promises'
import { isInternetAddress } from './addresses.ts'
import { sleep, type Clock } from './clock.ts'
import { LaresError, messageOf } from './errors.ts'
import { guardedLookup, mayConnectTo } from './guarded-lookup.ts'

export interface FetchOptions {
  /** Trusted roots; Node's own when left out. */
  agent?: Agent
  /** Where may be connected to; the internet alone when left out: nobody reaches into the home through this. */
  isAllowed?: (address: string) => boolean
}

export interface Fetching extends FetchOptions {
  url: string
  /** What is here of it already stays and is gone on with. */
  target: string
  maxBytes: number
  clock: Clock
  signal?: AbortSignal | undefined
  onProgress?: (receivedBytes: number, totalBytes: number | null) => void
}

const BROKEN = 'FETCH_BROKEN'
const MOST_REDIRECTS = 5
const SILENCE_MS = 30_000
/** A broken line is taken up again where it broke. */
const RETRY_MS = [1_000, 3_000, 10_000] as const

/**
 * Fetches a file over HTTPS. Each address on the way, redirects too, must be https and on the internet. Throws `invalid`
 * for an address that may not be, `too-large`, or `unavailable` with the reason.
 */
export async function fetchFile(fetching: Fetching): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetchOnce(fetching)
    } catch (error) {
      const pauseMs = RETRY_MS[attempt]
      const isFinal = (error instanceof LaresError && error.code !== BROKEN) || fetching.signal?.aborted === true
      if (isFinal) throw error
      if (pauseMs === undefined) {
        const words = `The file could not be fetched: ${messageOf(error)}`
        throw new LaresError('unavailable', words, { code: 'FETCH_FAILED', cause: error })
      }
      await sleep(fetching.clock, pauseMs, fetching.signal)
    }
  }
}

async function fetchOnce(fetching: Fetching): Promise<void> {
  const { target, maxBytes, onProgress } = fetching
  const have = await partOf(target)
  const reply = await followRedirects(fetching, have)
  const start = reply.statusCode === 206 ? startOf(reply) : 0
  // A server that sends another piece than the one asked for is asked for everything the next time.
  if (reply.statusCode === 206 && start !== have.bytes) {
    reply.destroy()
    await rm(target, { force: true })
    throw broken('the server sent another piece than the one asked for')
  }
  const announced = reply.headers['content-length']
  const totalBytes = announced === undefined ? null : start + Number(announced)
  if (totalBytes !== null && totalBytes > maxBytes) throw tooLarge(reply, maxBytes)
  await writeFile(`${target}.etag`, reply.headers.etag ?? '')
  let receivedBytes = start
  const count = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      receivedBytes += chunk.length
      if (receivedBytes > maxBytes) throw tooLarge(reply, maxBytes)
      onProgress?.(receivedBytes, totalBytes)
      yield chunk
    }
  }
  await pipeline(reply, count, createWriteStream(target, { flags: start > 0 ? 'a' : 'w', mode: 0o644 }))
  if (totalBytes !== null && receivedBytes < totalBytes) throw broken('the connection ended too early')
  await rm(`${target}.etag`, { force: true })
}

function tooLarge(reply: IncomingMessage, maxBytes: number): LaresError {
  reply.destroy()
  return new LaresError('too-large', `The file is larger than it may be (${Math.round(maxBytes / 1_048_576)} MB).`)
}

interface Part {
  bytes: number
  etag: string
}

/** What an earlier attempt left; without a mark of its version it cannot be gone on with. */
async function partOf(target: string): Promise<Part> {
  const etag = await readFile(`${target}.etag`, 'utf8').catch(() => '')
  const info = await stat(target).catch(() => null)
  return etag === '' || etag.startsWith('W/') || !info ? { bytes: 0, etag: '' } : { bytes: info.size, etag }
}

function startOf({ headers }: IncomingMessage): number {
  return Number(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1] ?? -1)
}

async function followRedirects(fetching: Fetching, have: Part): Promise<IncomingMessage> {
  let url = fetching.url
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const reply = await ask(checkAddress(url, fetching), have, fetching)
    const status = reply.statusCode ?? 0
    if (status === 200 || status === 206) return reply
    reply.resume()
    const { location } = reply.headers
    if (status >= 300 && status < 400 && location !== undefined) {
      url = new URL(location, url).href
      continue
    }
    if (status === 416) await rm(fetching.target, { force: true })
    if (status === 416 || status === 429 || status >= 500) throw broken(`the server answered ${status}`)
    throw new LaresError('unavailable', `The server answered ${status} instead of the file.`, { code: 'FETCH_REFUSED' })
  }
  throw new LaresError('unavailable', 'The address leads from one to the next without end.', { code: 'FETCH_REFUSED' })
}

/** Throws `invalid` ADDRESS_REFUSED. */
export function checkAddress(text: string, { isAllowed = isInternetAddress }: FetchOptions): URL {
  const url = URL.parse(text)
  const refuse = (words: string): LaresError => new LaresError('invalid', words, { code: 'ADDRESS_REFUSED' })
  if (!url) throw refuse('That is no address.')
  if (url.protocol !== 'https:') throw refuse('Files are fetched over https only.')
  if (url.username !== '' || url.password !== '') throw refuse('An address with a password in it is not taken.')
  if (!mayConnectTo(url.hostname, isAllowed))
    throw refuse('Files are fetched from the internet, not from inside the home.')
  return url
}

function ask(
  url: URL,
  have: Part,
  { agent, isAllowed = isInternetAddress, signal }: Fetching,
): Promise<IncomingMessage> {
  const range = have.bytes > 0 ? { range: `bytes=${have.bytes}-`, 'if-range': have.etag } : {}
  // Packed bytes would be counted, and gone on with, wrongly.
  const headers = { 'accept-encoding': 'identity', 'user-agent': 'Lares', ...range }
  return new Promise((resolve, reject) => {
    const options = { headers, lookup: guardedLookup(isAllowed), ...(agent && { agent }), ...(signal && { signal }) }
    const call = request(url, options, resolve)
    call.setTimeout(SILENCE_MS, () => call.destroy(broken('the server fell silent')))
    call.on('error', (error) => reject(signal?.aborted ? stopped(error) : error))
    call.end()
  })
}

/** Worth another attempt. */
function broken(words: string): LaresError {
  return new LaresError('unavailable', words, { code: BROKEN })
}

function stopped(cause: unknown): LaresError {
  return new LaresError('unavailable', 'Stopped before the file was here.', { code: 'STOPPED', cause })
}
