// `npm start -- --demo`: the same product, with a home already set up in it. Everything around it is real too: the clip
// travels over RTSP with a password, the plugs speak their own protocol over sockets, and setup goes over the product's
// own API with the one-time code, as a person would. Nothing here reaches into the product.
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { repository, startProduct, type Product } from '../../tests/harness/product.ts'
import { startRtspServer } from '../../tests/fakes/rtsp-server.ts'
import { ensureDemoClip } from './clip.ts'
import { furnish } from './furnish.ts'
import { readDemoArguments } from './arguments.ts'
import { startDemoPlugs } from './plugs.ts'
import { sayNewHome, sayOldHome } from './words.ts'

const CAMERA_LOGIN = { username: 'demo', password: 'demo-camera' } as const

async function main(): Promise<void> {
  const { video, dataDir, handOn } = readDemoArguments(process.argv.slice(2), join(repository, 'data', 'demo'))
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const isNew = !existsSync(join(dataDir, 'tls', 'root.pem'))

  console.log('Demo home: a camera that plays a clip of real people, and two plugs. No hardware needed.')
  const clip = await ensureDemoClip({ ...(video && { video }), cacheDir: join(repository, '.cache', 'clips') })
  const rtsp = await startRtspServer({ file: clip, port: 0, ...CAMERA_LOGIN })
  const plugs = await startDemoPlugs()
  const product = await startProduct({
    dataDir,
    args: handOn,
    defaults: false,
    onOutput: (text) => process.stdout.write(text),
  })
  endTogether(product, [rtsp, plugs])

  const cameraUrl = new URL(rtsp.url)
  cameraUrl.username = CAMERA_LOGIN.username
  cameraUrl.password = CAMERA_LOGIN.password
  if (product.setupCode === null) return sayOldHome(product.httpsOrigin, dataDir, isNew)
  const home = await furnish(product.client(), product.setupCode, { cameraUrl: cameraUrl.href, plugHosts: plugs.hosts })
  sayNewHome(product.httpsOrigin, dataDir, home)
}

/** One Ctrl-C ends the product and everything around it; the product's own end ends the rest. */
function endTogether(product: Product, others: readonly { stop(): Promise<void> }[]): void {
  let ending = false
  const end = async (): Promise<void> => {
    if (ending) return
    ending = true
    const code = await product.stop()
    await Promise.all(others.map((other) => other.stop()))
    process.exit(code ?? 1)
  }
  process.on('SIGINT', () => void end())
  process.on('SIGTERM', () => void end())
  void product.ended.then(() => void end())
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
