import { createHash } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { encodeTdp, hasGoodChecksum } from '../../../appliance/src/plugs/discovery/tdp-codec.ts'
import type { EmulatorState } from './types.ts'

export interface Announced {
  httpPort: number
  /** MD5 of the owner's e-mail; told when not empty. */
  owner: string
  change: object
}

/** The announcement as the device would word it now: a firmware update that changes the scheme changes it too. */
export function announcement(state: EmulatorState, address: string, { httpPort, owner, change }: Announced): object {
  const { encryption, iot, smart } = state
  const mac = (smart?.mac ?? iot?.mac ?? '').replaceAll(':', '-')
  const isKlap2 = encryption === 'klap2'
  const scheme = {
    is_support_https: false,
    encrypt_type: encryption.startsWith('klap') ? 'KLAP' : encryption.startsWith('aes') ? 'AES' : 'TPAP',
    http_port: httpPort,
    ...((isKlap2 || encryption === 'aes2') && { lv: 2 }),
    ...(isKlap2 && iot && { new_klap: 1 }),
  }
  return {
    device_id: createHash('md5').update(mac).digest('hex'),
    owner,
    device_type: smart?.type ?? 'IOT.SMARTPLUGSWITCH',
    device_model: `${smart?.model ?? iot?.model}(EU)`,
    ...{ ip: address, mac, is_support_iot_cloud: true, obd_src: 'tplink', factory_default: false },
    mgt_encrypt_schm: scheme,
    ...(encryption === 'tpap' && {
      tpap: { tls: 0, dac: 0, noc: 0, pake: [2], port: httpPort, user_hash_type: 0 },
      tpap_preferred: true,
    }),
    ...change,
  }
}

export interface TdpServer {
  stop(): Promise<void>
}

/** Answers calls whose checksum is right, on the address itself and (when asked to) on the broadcast. */
export async function startTdpServer(
  address: string,
  ports: readonly number[],
  answerWith: () => { result: object; isQuiet: boolean },
  onCall: () => void,
): Promise<TdpServer> {
  const sockets = await Promise.all(
    ports.map((port) =>
      bind(address, port, (socket, message, from) => {
        if (!hasGoodChecksum(message)) return
        onCall()
        const { result, isQuiet } = answerWith()
        if (isQuiet) return
        const body = Buffer.from(JSON.stringify({ error_code: 0, result }))
        socket.send(encodeTdp(body, message.readUInt32BE(8), 18), from.port, from.address)
      }),
    ),
  )
  return { stop: async () => void (await Promise.all(sockets.map(close))) }
}

type OnMessage = (socket: Socket, message: Buffer, from: { address: string; port: number }) => void

function bind(address: string, port: number, onMessage: OnMessage): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true })
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.on('message', (message, from) => onMessage(socket, message, from))
    socket.bind(port, address, () => resolve(socket))
  })
}

function close(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()))
}
