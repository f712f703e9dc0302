// A camera that speaks ONVIF: device, media (1 and 2) and event services over HTTP, strict about who signs in.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as say from './answers.ts'
import { createEvents } from './events.ts'
import { createDigestJudge, createTokenJudge } from './sign-in.ts'
import { startResponder, type ResponderOptions } from './ws-responder.ts'

export interface FakeProfile {
  token: string
  width: number
  height: number
  encoding: string
  /** Of its stream. */
  url: string
}

export interface FakeDeviceOptions {
  address: string
  username?: string
  password?: string
  maker?: string
  model?: string
  /** How it wants to be signed in at. `token`: WS-Security. */
  signIn?: 'token' | 'digest' | 'digest-sha256'
  /** How far its clock is ahead of the machine's. */
  clockOffsetMs?: number
  profiles: readonly FakeProfile[]
  hasMedia2?: boolean
  /** Host and port that it calls itself; its own when left out. */
  claims?: string
  snapshot?: Buffer
  /** Seconds that a subscription lasts. */
  leaseS?: number
  discovery?: Partial<ResponderOptions> | false
  /** Takes a call before it is judged; true: it was answered. */
  intercept?(operation: string, request: IncomingMessage, response: ServerResponse): boolean
}

export interface FakeDevice {
  readonly port: number
  /** Of its device service. */
  readonly url: string
  /** Operations in the order they came, refused ones included. */
  readonly calls: string[]
  /** `host` headers of every call. */
  readonly hosts: Set<string>
  refused(): number
  subscriptions(): number
  probes(): number
  tell(topic: string, name: string, value: string): void
  /** Forgets every subscription, as a reboot does. */
  reboot(): void
  setPassword(password: string): void
  stop(): Promise<void>
}

export async function startOnvifDevice(options: FakeDeviceOptions): Promise<FakeDevice> {
  const { address, maker = 'Fakecam', model = 'FC-200', signIn = 'token', clockOffsetMs = 0, leaseS = 120 } = options
  const who = { username: options.username ?? '', password: options.password ?? '' }
  const isOpen = who.username === ''
  const judgeToken = createTokenJudge()
  const digest = createDigestJudge(signIn === 'digest-sha256' ? 'SHA-256' : 'MD5')
  const now = (): Date => new Date(Date.now() + clockOffsetMs)
  const calls: string[] = []
  const hosts = new Set<string>()
  let refused = 0

  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => void answer(request, response, body))
  })
  server.listen(0, address)
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const at = `http://${options.claims ?? `${address}:${port}`}`
  const events = createEvents({ at, now, leaseS })

  async function answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    hosts.add(request.headers.host ?? '')
    const operation =
      request.method === 'GET' ? 'Snapshot' : (/<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '')
    calls.push(operation)
    if (options.intercept?.(operation, request, response)) return
    if (!allowed(operation, request, response, body)) return
    if (operation === 'Snapshot') return void response.setHeader('content-type', 'image/jpeg').end(options.snapshot)
    const reply = await respond(operation, body, response)
    const isFault = reply.includes('<env:Fault>')
    response.writeHead(isFault ? 400 : 200, { 'content-type': 'application/soap+xml; charset=utf-8' }).end(reply)
  }

  function allowed(operation: string, request: IncomingMessage, response: ServerResponse, body: string): boolean {
    if (isOpen || operation === 'GetSystemDateAndTime') return true
    const byDigest = signIn !== 'token' || operation === 'Snapshot'
    if (byDigest ? digest.accepts(request, who) : judgeToken(body, who, now().getTime())) return true
    refused++
    if (byDigest) response.writeHead(401, { 'www-authenticate': digest.challenge() }).end()
    else
      response
        .writeHead(400, { 'content-type': 'application/soap+xml' })
        .end(say.fault('NotAuthorized', 'Sender not Authorized'))
    return false
  }

  async function respond(operation: string, body: string, response: ServerResponse): Promise<string> {
    const profile = options.profiles.find(({ token }) => body.includes(`ProfileToken>${token}<`))
    const isMedia2 = body.includes('ver20/media')
    switch (operation) {
      case 'GetSystemDateAndTime':
        return say.envelope(say.dateAndTime(now()))
      case 'GetDeviceInformation':
        return say.envelope(say.deviceInformation(maker, model))
      case 'GetCapabilities':
        return say.envelope(say.capabilities(at))
      case 'GetServices':
        return say.envelope(say.services(at, options.hasMedia2 ?? false))
      case 'GetProfiles':
        return say.envelope(isMedia2 ? say.profiles2(options.profiles) : say.profiles(options.profiles))
      case 'GetVideoSources':
        return say.envelope(say.videoSources)
      case 'GetStreamUri':
        if (!profile) return say.fault('NoProfile', 'Profile not exist')
        return say.envelope(isMedia2 ? say.mediaUri2(profile.url) : say.mediaUri('GetStreamUri', profile.url))
      case 'GetSnapshotUri':
        if (!options.snapshot) return say.fault('ActionNotSupported', 'No snapshots')
        return say.envelope(say.mediaUri('GetSnapshotUri', `${at}/snapshot.jpg`))
      default:
        return events.respond(operation, body, response)
    }
  }

  const discovery =
    options.discovery === false
      ? null
      : await startResponder({
          ...{ address, xaddrs: [`${at}/onvif/device_service`] },
          scopes: [
            'onvif://www.onvif.org/Profile/Streaming',
            `onvif://www.onvif.org/name/${maker}%20${model}`,
            `onvif://www.onvif.org/hardware/${model}`,
          ],
          ...options.discovery,
        })
  return {
    ...{ port, calls, hosts, url: `http://${address}:${port}/onvif/device_service` },
    refused: () => refused,
    subscriptions: () => events.count(),
    probes: () => discovery?.probes() ?? 0,
    tell: (topic, name, value) => events.tell(topic, name, value),
    reboot() {
      events.forget()
      server.closeAllConnections()
    },
    setPassword: (password) => void (who.password = password),
    async stop() {
      server.closeAllConnections()
      await Promise.all([new Promise((done) => server.close(done)), discovery?.stop()])
    },
  }
}
