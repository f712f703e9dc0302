import { createSocket, type Socket } from 'node:dgram'
import { isIP } from 'node:net'
import { isHomeAddress } from '../../core/addresses.ts'
import { guardedLookup } from '../../core/guarded-lookup.ts'
import { encode } from '../transports/xor-codec.ts'
import { KASA_PORT, readTdpAnswer, readXorAnswer, TDP_PORTS } from './answers.ts'
import { EMPTY_PROBE, keyedProbe } from './tdp-codec.ts'
import type { FoundDevice } from './types.ts'

export interface CallSocket {
  /** Calls one address or one network, in all the languages of discovery. Failures are told to `onFailure`. */
  call(to: string): void
  close(): void
}

export interface CallSocketOptions {
  /** Own address to call from; any when left out. */
  from?: string
  broadcast?: boolean
  xorPort?: number
  onFound(found: FoundDevice): void
  onFailure(error: Error): void
}

const XOR_QUESTION = encode('{"system":{"get_sysinfo":{}}}')
const homeLookup = guardedLookup(isHomeAddress)

/** null when it cannot be opened (an interface that just went away): the others still can. */
export function openCallSocket(options: CallSocketOptions): Promise<CallSocket | null> {
  const { from, broadcast = false, xorPort = KASA_PORT, onFound, onFailure } = options
  const socket = createSocket({
    type: 'udp4',
    lookup(name, _asked, done) {
      // Also asked for addresses that are written out, the one to bind to among them; who calls has checked those.
      if (isIP(name) === 4) return done(null, name, 4)
      homeLookup(name, { family: 4 }, (error, address, family = 4) =>
        done(error, typeof address === 'string' ? address : '', family),
      )
    },
  })
  let keyed: Buffer | null = null
  let closed = false
  void keyedProbe().then((probe) => (keyed = probe), onFailure)
  return new Promise((resolve) => {
    socket.on('message', (message, { address, port }) => {
      if (!isHomeAddress(address)) return
      const found = port === xorPort ? readXorAnswer(address, message, xorPort) : null
      const answer = found ?? readTdpAnswer(address, message) ?? readXorAnswer(address, message, xorPort)
      if (answer) onFound(answer)
    })
    socket.on('error', (error) => {
      onFailure(error)
      resolve(null)
    })
    socket.bind(0, from, () => {
      if (broadcast) socket.setBroadcast(true)
      resolve({
        call(to) {
          if (closed) return
          send(socket, XOR_QUESTION, xorPort, to, onFailure)
          for (const port of TDP_PORTS)
            for (const probe of keyed ? [keyed, EMPTY_PROBE] : [EMPTY_PROBE]) send(socket, probe, port, to, onFailure)
        },
        close() {
          closed = true
          socket.close()
        },
      })
    })
  })
}

function send(socket: Socket, bytes: Buffer, port: number, to: string, onFailure: (error: Error) => void): void {
  socket.send(bytes, port, to, (error) => {
    if (error) onFailure(error)
  })
}
