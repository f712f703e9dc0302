// Takes pictures of every page, for looking at: node tests/pwa/look.ts FOLDER [PAGE,…] [whole]
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openPhone } from '../harness/chromium.ts'
import { accessOf } from './home-access.ts'
import { certificatesOf, makeClient, publicSource } from './home-certificates.ts'
import { makePeer, remoteAccessOf } from './home-remote-access.ts'
import { livedInHome } from './home-data.ts'
import { startHome } from './home.ts'

const folder = process.argv[2] ?? '/tmp/look'
const only = process.argv[3]
await mkdir(folder, { recursive: true })
const home = await startHome({ data: livedInHome() })
await home.makeClip()
const { incidents, cameras, plugs } = home.state.data
const { overview, clients } = certificatesOf(home.state)
overview.mode = 'acme'
overview.sources.push(publicSource('Port 80 of home.example.org cannot be reached from the internet.'))
overview.publicNames.push({ name: 'home.example.org', leads: 'nowhere', addresses: [] })
clients.push(
  makeClient('Anna’s phone', { lastUsedAt: Date.now() - 60_000 }),
  makeClient('Old tablet', { state: 'revoked' }),
)
const remote = remoteAccessOf(home.state)
Object.assign(remote, { on: true, state: 'running', host: 'home.example.org' })
remote.peers.push(
  makePeer('Anna’s phone', { lastSeenAt: Date.now() - 60_000, receivedBytes: 5_400_000, sentBytes: 61_000_000 }),
  makePeer('Ben’s tablet', { reach: 'home' }),
)
home.state.data.views.push({ cameraId: cameras[2]?.id ?? '', state: 'moved', since: Date.now() - 40_000 })
const PAGES: Record<string, string> = {
  now: '/',
  incidents: '/incidents',
  incident: `/incidents/${incidents[0]?.id ?? ''}`,
  heat: '/incidents/heat',
  learned: '/incidents/learned',
  cameras: '/cameras',
  camera: `/cameras/${cameras[0]?.id ?? ''}`,
  'camera-moved': `/cameras/${cameras[2]?.id ?? ''}`,
  'camera-sends': '/cameras/send?folder=front_gate',
  zones: `/cameras/${cameras[0]?.id ?? ''}/zones`,
  'camera-stalled': `/cameras/${cameras[3]?.id ?? ''}`,
  'cameras-add': '/cameras/add',
  plugs: '/plugs',
  plug: `/plugs/${plugs[0]?.id ?? ''}`,
  'plug-gone': `/plugs/${plugs[2]?.id ?? ''}`,
  'plug-strip': `/plugs/${plugs[3]?.id ?? ''}`,
  'plugs-add': '/plugs/add',
  'plugs-arrange': '/plugs/arrange',
  'plugs-accounts': '/plugs/accounts',
  more: '/more',
  account: '/more/account',
  notifications: '/more/notifications',
  hardware: '/more/hardware',
  health: '/more/health',
  network: '/more/network',
  certificates: '/more/certificates',
  'remote-access': '/more/remote-access',
  updates: '/more/updates',
  box: '/more/box',
  home: '/more/home',
  people: '/more/people',
  person: `/more/people/${accessOf(home.state).people[1]?.id ?? ''}`,
  roles: '/more/roles',
  keys: '/more/keys',
  settings: '/more/settings',
  record: '/more/record',
  alerts: '/more/alerts',
  modes: '/more/modes',
  channels: '/alerts/channels',
  told: '/alerts/history',
  expected: '/more/expected',
}
for (const desktop of [false, true]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const phone = await openPhone({ rootPem: home.rootPem, colorScheme, desktop })
    await phone.context.addCookies([{ ...home.signedIn(), secure: true, httpOnly: true, sameSite: 'Strict' }])
    for (const [name, place] of Object.entries(PAGES)) {
      if (only && !only.split(',').includes(name)) continue
      await phone.page.goto(home.origin + place)
      await phone.page.waitForTimeout(1_200)
      const path = join(folder, `${name}-${desktop ? 'wide' : 'phone'}-${colorScheme}.png`)
      await phone.page.screenshot({ path, fullPage: process.argv[4] === 'whole' })
    }
    console.log(phone.complaints)
    await phone.close()
  }
}
await home.stop()
