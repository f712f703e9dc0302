// Cameras on the network of the simulated house: three that speak ONVIF with one password, one stream, one web page.
import * as onvif from '../../appliance/src/api/onvif.ts'
import { route } from '../../appliance/src/http/index.ts'
import type { Route } from '../../appliance/src/http/index.ts'
import { open } from './home-state.ts'
import type { HomeDeps } from './home-state.ts'
import { drawScene } from './scene.ts'

export const CAMERA_LOGIN = { username: 'viewer', password: 'right' } as const
const TOTAL = 254
const FOUND: readonly [number, Partial<onvif.FoundCamera>][] = [
  [21, { how: 'onvif', onvif: 'http://192.168.1.21/onvif/device_service', maker: 'Reolink', model: 'RLC-520A' }],
  [34, { how: 'onvif', onvif: 'http://192.168.1.34:2020/onvif/device_service', maker: 'TP-Link', model: 'Tapo C200' }],
  [35, { how: 'onvif', onvif: 'http://192.168.1.35:2020/onvif/device_service', maker: 'TP-Link', model: 'Tapo C200' }],
  [60, { how: 'rtsp', rtspPort: 8554 }],
  [77, { how: 'http', httpPort: 80, name: 'ESP32-CAM' }],
]

function foundAt(asked: number, addresses: ReadonlyMap<string, string>): onvif.FoundCamera[] {
  return FOUND.filter(([last]) => last <= asked).map(([last, known]) => {
    const address = `192.168.1.${String(last)}`
    const blank = {
      address,
      how: 'rtsp' as const,
      onvif: null,
      rtspPort: null,
      httpPort: null,
      name: '',
      maker: '',
      model: '',
    }
    return { ...blank, ...known, cameraId: addresses.get(address) ?? null }
  })
}

export function findingRoutes({ state }: HomeDeps): Route[] {
  let [startedAt, asked] = [null as number | null, 0]
  const added = (): Map<string, string> =>
    new Map(state.data.cameras.map(({ id, source }) => [/\/\/([^:/]+)/.exec(source.address)?.[1] ?? '', id]))
  const scan = (): onvif.CameraScan => ({
    ...{ state: startedAt === null ? 'idle' : asked < TOTAL ? 'running' : 'done', startedAt, asked, total: TOTAL },
    ...{ networks: ['192.168.1.0/24'], tooLarge: [], problem: null },
    found: state.knobs.noCameras === true ? [] : foundAt(asked, added()),
  })
  const edit = { ...open, path: '/api/cameras/discover', needs: 'cameras.edit', reply: onvif.cameraScan } as const
  return [
    route({
      ...{ ...edit, method: 'POST', body: onvif.discoverCamerasBody },
      run() {
        startedAt = Date.now()
        asked = 40
        return Promise.resolve(scan())
      },
    }),
    route({
      ...{ ...edit, method: 'GET' },
      run() {
        // A little further each time it is asked.
        asked = Math.min(TOTAL, asked + 120)
        return Promise.resolve(scan())
      },
    }),
    route({
      ...{ ...open, method: 'POST', path: '/api/cameras/onvif', needs: 'cameras.edit' },
      ...{ body: onvif.onvifBody, reply: onvif.onvifReply },
      run: async ({ body: { address, username, password } }) => {
        const host = /192\.168\.1\.(\d+)/.exec(address)?.[1]
        const known = FOUND.find(([last]) => String(last) === host)?.[1]
        const fail = (reason: (typeof onvif.ONVIF_PROBLEMS)[number], message: string) => ({
          ...{ ok: false as const, problem: { reason, message } },
        })
        if (!known) return fail('unreachable', 'Nothing answers at this address.')
        if (username !== CAMERA_LOGIN.username || password !== (host === '21' ? 'other' : CAMERA_LOGIN.password))
          return fail('wrong-password', 'The camera refuses this user name or password.')
        const stream = (profile: string, width: number, height: number) => ({
          ...{ profile, name: profile, url: `rtsp://192.168.1.${String(host)}:554/${profile}`, width, height },
          ...{ codec: 'h264', framesPerSecond: 15, claimedHost: null },
        })
        return {
          ...{
            ok: true as const,
            address: known.onvif ?? '',
            main: 'main',
            sub: 'sub',
            tellsMotion: true,
            clockOffsetMs: 12,
          },
          device: { maker: known.maker ?? '', model: known.model ?? '', firmware: '1', serial: '2' },
          streams: [stream('main', 2560, 1920), stream('sub', 640, 480)],
          preview: `data:image/jpeg;base64,${(await drawScene('garden')).toString('base64')}`,
        }
      },
    }),
  ]
}
