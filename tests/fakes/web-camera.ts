// A small real HTTP camera: an MJPEG stream, single pictures with conditional requests, Basic and Digest sign-in.
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import sharp from 'sharp'

export interface WebCameraOptions {
  username?: string
  password?: string
  auth?: 'basic' | 'digest' | 'digest-sha256'
  tls?: { keyPem: string; certPem: string }
  width?: number
  height?: number
  /** MJPEG parts say how long they are. */
  tellsLength?: boolean
}

export interface WebCamera {
  /** Without a path: `/video.mjpg`, `/snapshot.jpg`, `/endless`, `/text`, `/away`, `/here`. */
  readonly url: string
  /** What came in, `METHOD path`, with the status it got. */
  readonly asked: string[]
  /** Every `Authorization` header that came. */
  readonly authorizations: string[]
  /** MJPEG streams that are open. */
  watching(): number
  pause(paused: boolean): void
  drop(): void
  /** The next pictures look different. */
  change(): void
  /** Where `/away` leads. */
  setAway(location: string): void
  stop(): Promise<void>
}

const REALM = 'Fake "web" camera'
const OPAQUE = '5ccc069c403ebaf9f0171e9517f40e41'

export async function startWebCamera(options: WebCameraOptions = {}): Promise<WebCamera> {
  const { width = 640, height = 480, auth = 'digest', tls } = options
  const state = { paused: false, shade: 40, away: '/', version: 1 }
  const asked: string[] = []
  const authorizations: string[] = []
  const streams = new Set<ServerResponse>()
  const draw = (): Promise<Buffer> =>
    sharp({ create: { width, height, channels: 3, background: { r: state.shade, g: 90, b: 160 } } })
      .jpeg()
      .toBuffer()
  let jpeg = await draw()

  const handle = (request: IncomingMessage, reply: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://camera')
    reply.on('close', () => asked.push(`${request.method ?? ''} ${pathname} ${reply.statusCode}`))
    if (request.headers.authorization !== undefined) authorizations.push(request.headers.authorization)
    if (!isAllowed(request, options, auth)) {
      reply.writeHead(401, { 'www-authenticate': challenges(auth) })
      return void reply.end()
    }
    answer(pathname, request, reply)
  }

  function answer(pathname: string, request: IncomingMessage, reply: ServerResponse): void {
    if (pathname === '/video.mjpg' || pathname === '/endless') {
      reply.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary="--frame"' })
      if (pathname === '/endless') {
        reply.write('--frame\r\nContent-Type: image/jpeg\r\n\r\n')
        const timer = setInterval(() => reply.write(Buffer.alloc(1024 * 1024)), 5)
        return void reply.on('close', () => clearInterval(timer))
      }
      streams.add(reply)
      return void reply.on('close', () => streams.delete(reply))
    }
    if (pathname === '/snapshot.jpg') {
      if (state.paused) return
      const etag = `"v${state.version}"`
      if (request.headers['if-none-match'] === etag) return void reply.writeHead(304).end()
      return void reply.writeHead(200, { 'content-type': 'image/jpeg', etag }).end(jpeg)
    }
    if (pathname === '/text') return void reply.writeHead(200, { 'content-type': 'image/jpeg' }).end('no picture')
    if (pathname === '/away') return void reply.writeHead(302, { location: state.away }).end()
    if (pathname === '/here') return void reply.writeHead(302, { location: '/snapshot.jpg' }).end()
    reply.writeHead(404).end()
  }

  const timer = setInterval(() => {
    if (state.paused) return
    const length = options.tellsLength === false ? '' : `Content-Length: ${jpeg.length}\r\n`
    for (const stream of streams) {
      stream.write(`--frame\r\nContent-Type: image/jpeg\r\n${length}\r\n`)
      // In two pieces, as it comes from a network.
      stream.write(jpeg.subarray(0, 700))
      stream.write(Buffer.concat([jpeg.subarray(700), Buffer.from('\r\n')]))
    }
  }, 66)
  const server = tls ? createSecureServer({ key: tls.keyPem, cert: tls.certPem }, handle) : createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    asked,
    authorizations,
    watching: () => streams.size,
    pause: (paused) => void (state.paused = paused),
    drop: () => server.closeAllConnections(),
    change() {
      state.shade = (state.shade + 60) % 256
      state.version++
      void draw().then((drawn) => (jpeg = drawn))
    },
    setAway: (location) => void (state.away = location),
    async stop() {
      clearInterval(timer)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function challenges(auth: WebCameraOptions['auth']): string | string[] {
  if (auth === 'basic') return `Basic realm="camera"`
  const nonce = randomBytes(8).toString('hex')
  const digest = (algorithm: string): string =>
    `Digest realm="${REALM.replaceAll('"', '\\"')}", qop="auth", nonce="${nonce}", opaque="${OPAQUE}", algorithm=${algorithm}`
  return auth === 'digest-sha256' ? [digest('MD5'), digest('SHA-256')] : digest('MD5')
}

function isAllowed({ headers, method, url }: IncomingMessage, options: WebCameraOptions, auth: string): boolean {
  const { username = '', password } = options
  if (password === undefined) return true
  const header = headers.authorization ?? ''
  if (auth === 'basic') return header === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const field = (name: string): string =>
    (
      new RegExp(`[ ,]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^,\\s]+))`).exec(header)?.slice(1).find(Boolean) ?? ''
    ).replace(/\\(.)/g, '$1')
  const hash = (text: string): string =>
    createHash(auth === 'digest-sha256' ? 'sha256' : 'md5')
      .update(text)
      .digest('hex')
  const secret = hash(`${username}:${REALM}:${password}`)
  const middle = `${field('nonce')}:${field('nc')}:${field('cnonce')}:auth`
  return (
    field('uri') === url &&
    field('opaque') === OPAQUE &&
    field('username') === username &&
    field('response') === hash(`${secret}:${middle}:${hash(`${method ?? ''}:${url ?? ''}`)}`)
  )
}
