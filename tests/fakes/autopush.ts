import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { PushService } from './push-service.ts'

export interface Autopush {
  /** For Firefox' preference dom.push.serverURL. */
  readonly url: string
  /** Channels that browsers have subscribed, oldest first. */
  readonly channels: string[]
  /** What browsers said to messages: 100 decrypted, 101 could not decrypt, 102 not taken. */
  readonly acks: { channelId: string; code: number }[]
  stop(): Promise<void>
}

interface BrowserMessage {
  messageType?: string
  uaid?: string
  channelID?: string
  updates?: { channelID: string; code?: number }[]
}

const PROTOCOL = 'push-notification'
const TTL_S = 300

/**
 * Mozilla's push service as far as a browser needs it, on the port of `service`: the browser keeps a WebSocket, the
 * product posts to the endpoint over HTTPS, and the body goes to the browser as it came. Only Firefox can open it.
 */
export function addAutopush(service: PushService): Autopush {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  })
  const channels: string[] = []
  const acks: Autopush['acks'] = []

  function deliver(socket: WebSocket, channelID: string, body: Buffer): void {
    const headers = { encoding: 'aes128gcm' }
    const message = {
      messageType: 'notification',
      channelID,
      version: randomUUID(),
      ttl: TTL_S,
      data: body.toString('base64url'),
      headers,
    }
    socket.send(JSON.stringify(message))
  }

  function register(socket: WebSocket, channelID: string): object {
    channels.push(channelID)
    service.deliverTo(channelID, ({ body }) => deliver(socket, channelID, body))
    return { messageType: 'register', status: 200, channelID, pushEndpoint: `${service.origin}/wpush/v2/${channelID}` }
  }

  function answer(socket: WebSocket, message: BrowserMessage): object | null {
    const { messageType, channelID = '' } = message
    switch (messageType) {
      case undefined:
        return {}
      case 'hello':
        return {
          messageType,
          status: 200,
          uaid: message.uaid || randomUUID().replaceAll('-', ''),
          use_webpush: true,
          broadcasts: {},
        }
      case 'register':
        return register(socket, channelID)
      case 'unregister':
        channels.splice(channels.indexOf(channelID) >>> 0, 1)
        service.deliverTo(channelID, null)
        return { messageType, status: 200, channelID }
      case 'ack':
        for (const update of message.updates ?? []) acks.push({ channelId: update.channelID, code: update.code ?? 0 })
        return null
      default:
        return null
    }
  }

  sockets.on('connection', (socket: WebSocket) => {
    socket.on('message', (data: Buffer) => {
      const reply = answer(socket, JSON.parse(data.toString()) as BrowserMessage)
      if (reply) socket.send(JSON.stringify(reply))
    })
  })
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    sockets.handleUpgrade(request, socket, head, (open) => sockets.emit('connection', open, request))
  }
  service.server.on('upgrade', upgrade)

  return {
    url: `${service.origin.replace('https:', 'wss:')}/`,
    channels,
    acks,
    async stop() {
      service.server.off('upgrade', upgrade)
      for (const socket of sockets.clients) socket.terminate()
      await new Promise((resolve) => sockets.close(resolve))
    },
  }
}
