import { randomBytes } from 'node:crypto'

const COUNTER_END = 0x1000
let last = { ms: -1, counter: 0 }

/** Twelve bits that grow within a millisecond and begin at a random place in the lower half in the next. */
function nextCounter(ms: number, random: number): number {
  const counter = ms === last.ms ? last.counter + 1 : random % (COUNTER_END / 2)
  last = { ms, counter }
  return counter % COUNTER_END
}

/**
 * A time-ordered id (UUID version 7, RFC 9562 with the counter of its section 6.2): sorting by id is sorting by `nowMs`,
 * and within one millisecond by the order of making.
 */
export function newId(nowMs: number): string {
  const ms = Math.max(0, Math.floor(nowMs))
  const bytes = randomBytes(16)
  const counter = nextCounter(ms, bytes.readUInt16BE(6))
  bytes.writeUIntBE(ms, 0, 6)
  bytes.writeUInt16BE(0x7000 | counter, 6)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
