import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import {
  cameraScan,
  discoverCamerasBody,
  onvifBody,
  onvifReply,
  type OnvifLogin,
  type OnvifReply,
} from '../../api/onvif.ts'
import type { Camera } from '../../api/cameras.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { route, type Principal, type Route } from '../../http/route.ts'
import { hostOf } from '../sources/address.ts'
import { logIn } from '../onvif/login.ts'
import type { OwnNetworks } from '../onvif/own-networks.ts'
import type { CameraPorts } from './recognise.ts'
import { CameraFinder } from './scan.ts'

export interface FindingDeps {
  networks: OwnNetworks
  clock: Clock
  log: Log
  cameraPorts?: CameraPorts | undefined
  cameras(): readonly Camera[]
  /** Throws for those who may not add a camera. */
  refuse(principal: Principal | null): void
}

export interface Finding {
  readonly routes: readonly Route[]
  stop(): Promise<void>
}

const MOST_LOGINS_AT_ONCE = 4

/** What leads to a new camera: looking through the home, signing in at one. Nothing is stored here. */
export function createFinding(deps: FindingDeps): Finding {
  const cameraAt = (address: string): string | null =>
    deps.cameras().find(({ source }) => hostOf(source.address) === address)?.id ?? null
  const finder = new CameraFinder({ ...deps, ports: deps.cameraPorts, resolve, cameraAt })
  const askOne = createLogins(deps)
  const edit = { needs: 'cameras.edit' } as const
  return {
    stop: () => finder.stop(),
    routes: [
      route({
        ...{ method: 'POST', path: '/api/cameras/discover', ...edit, limit: 'costly' },
        summary: 'Begins to look for cameras in the box’s own networks; one look serves all who ask.',
        ...{ body: discoverCamerasBody, reply: cameraScan },
        run: ({ body, request }) => {
          deps.refuse(request.principal)
          return finder.begin(body.hosts ?? [])
        },
      }),
      route({
        ...{ method: 'GET', path: '/api/cameras/discover', ...edit, limit: 'general' },
        ...{ summary: 'How far the last look for cameras is, and what it found.', reply: cameraScan },
        run: async ({ request }) => {
          deps.refuse(request.principal)
          return finder.read()
        },
      }),
      route({
        ...{ method: 'POST', path: '/api/cameras/onvif', ...edit, limit: 'costly' },
        summary: 'Signs in at a device by ONVIF and tells its streams. Stores nothing.',
        ...{ body: onvifBody, reply: onvifReply },
        run: ({ body, request }) => {
          deps.refuse(request.principal)
          return askOne(body, request.signal)
        },
      }),
    ],
  }
}

function createLogins(deps: FindingDeps): (login: OnvifLogin, signal: AbortSignal) => Promise<OnvifReply> {
  let running = 0
  return async (login, signal) => {
    if (running >= MOST_LOGINS_AT_ONCE)
      throw new LaresError('too-many', 'Some cameras are being asked already. Wait a moment.', { retryAfterS: 5 })
    running++
    try {
      return await logIn(login, deps, signal)
    } finally {
      running--
    }
  }
}

async function resolve(host: string): Promise<string[]> {
  if (isIP(host) === 4) return [host]
  return (await lookup(host, { all: true, family: 4 })).map(({ address }) => address)
}
