import { isIP } from 'node:net'
import { isHomeAddress } from '../../core/addresses.ts'
import { sleep, type Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { joinAnswers, readXorAnswer, KASA_PORT } from './answers.ts'
import { openCallSocket } from './call-socket.ts'
import { encode } from '../transports/xor-codec.ts'
import { sendXor } from '../transports/xor-connection.ts'
import type { FoundDevice, RangeProgress } from './types.ts'

const MAX_ADDRESSES = 1_024
const EXAMPLES = 'such as 192.168.1.20, 192.168.1.10-40 or 192.168.1.0/28'

/**
 * `192.168.1.20`, `192.168.1.10-40`, `192.168.1.10-192.168.2.20`, `192.168.1.0/28` → addresses. Throws `invalid` with
 * words for what is none, leaves the home, or is more than 1024 addresses.
 */
export function parseRange(text: string): string[] {
  const range = text.trim()
  const [first, last] = boundsOf(range) ?? []
  if (first === undefined || last === undefined)
    throw invalid(`${range.slice(0, 80)} is no range of addresses, ${EXAMPLES}.`)
  if (last < first) throw invalid('The range ends before it begins.')
  const count = last - first + 1
  if (count > MAX_ADDRESSES) throw invalid(`${count} addresses are too many at once; at most ${MAX_ADDRESSES}.`)
  const addresses = Array.from({ length: count }, (_, index) => textOf(first + index))
  const stranger = addresses.find((address) => !isHomeAddress(address))
  if (stranger !== undefined) throw invalid(`${stranger} is not an address of a home network.`)
  return addresses
}

function boundsOf(range: string): readonly [number, number] | null {
  const [left = '', right, ...more] = range.split(/\s*[-/]\s*/)
  if (more.length > 0 || isIP(left) !== 4) return null
  const first = numberOf(left)
  if (right === undefined) return [first, first]
  if (range.includes('/')) return networkOf(first, right)
  if (isIP(right) === 4) return [first, numberOf(right)]
  return /^\d{1,3}$/.test(right) && Number(right) <= 255 ? [first, first - (first % 256) + Number(right)] : null
}

/** Without the network's own address and its broadcast. */
function networkOf(address: number, bits: string): readonly [number, number] | null {
  if (!/^\d{1,2}$/.test(bits) || Number(bits) > 32) return null
  const size = 2 ** (32 - Number(bits))
  const start = address - (address % size)
  return size <= 2 ? [start, start + size - 1] : [start + 1, start + size - 2]
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

export interface RangeOptions {
  clock: Clock
  signal: AbortSignal
  onProgress(progress: RangeProgress): void
}

const AT_ONCE = 32
const TCP_TIMEOUT_MS = 1_000
const UDP_WAIT_MS = 400

/** Asks every address by itself, by UDP and (where firewalls let only that pass) TCP 9999; works across routers. */
export async function searchRange(addresses: readonly string[], options: RangeOptions): Promise<FoundDevice[]> {
  const { clock, signal, onProgress } = options
  const found = new Map<string, FoundDevice>()
  const onFound = (device: FoundDevice): void => void found.set(device.mac, joinAnswers(found.get(device.mac), device))
  const socket = await openCallSocket({ onFound, onFailure: () => undefined })
  const waiting = [...addresses]
  let asked = 0
  async function askOn(): Promise<void> {
    for (let host = waiting.shift(); host !== undefined && !signal.aborted; host = waiting.shift()) {
      socket?.call(host)
      await sleep(clock, UDP_WAIT_MS / 2, signal)
      socket?.call(host)
      const device = await askXor(host, options)
      if (device) onFound(device)
      asked += 1
      onProgress({ asked, total: addresses.length, found: found.size })
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, askOn))
    await sleep(clock, UDP_WAIT_MS, signal)
  } finally {
    socket?.close()
  }
  onProgress({ asked, total: addresses.length, found: found.size })
  return [...found.values()]
}

async function askXor(host: string, { clock, signal }: RangeOptions): Promise<FoundDevice | null> {
  const payload = '{"system":{"get_sysinfo":{}}}'
  try {
    const reply = await sendXor({ host, port: KASA_PORT, payload, clock, timeoutMs: TCP_TIMEOUT_MS, signal })
    return readXorAnswer(host, encode(reply))
  } catch {
    // Nobody there, or somebody else: most addresses of a range.
    return null
  }
}

function invalid(words: string): LaresError {
  return new LaresError('invalid', words, { details: { host: words } })
}
