import { setTimeout as wait } from 'node:timers/promises'
import type { Plug } from '../../../appliance/src/api/plugs.ts'
import type { SetupStatus } from '../../../appliance/src/api/setup.ts'
import { partitionOf } from '../../../firmware-image/boot-simulator/card.ts'
import { OWNER, setUpHome } from '../../harness/setup.ts'
import { expectNothingLost, historyOf, switchPlug, tlsProblem } from '../household.ts'
import { PLUG_ADDRESS, type Lab } from '../lab.ts'
import { expect, type Scenario } from '../scenario.ts'

export const firstEvening: readonly Scenario[] = [
  {
    id: 'first-boot',
    title: 'First boot: from power to a page over HTTPS',
    after: [],
    async run(lab) {
      lab.insertFreshCard()
      const boot = await lab.bootToHttps()
      lab.figures.first_boot_https_s = boot.httpsAtS ?? 0
      expect(boot.partition === 2, `It started from partition ${boot.partition}, not from slot A.`)
      const kernel = (await lab.box.must('uname -r')).trim()
      const memory = await lab.box.must("free -m | awk '/^Mem/{print $3, $2}'")
      return [`${boot.httpsAtS?.toFixed(0)} s; kernel ${kernel}; memory in use, of all (MB): ${memory.trim()}.`]
    },
  },
  {
    id: 'units',
    title: 'Everything that starts has started: no unit failed',
    after: ['first-boot'],
    async run(lab) {
      await lab.bootToHttps()
      const failed = await lab.box.must('systemctl --failed --no-legend --plain')
      expect(failed.trim() === '', `Failed: ${failed.trim().split('\n').join('; ')}`)
      return [
        `systemctl knows ${(await lab.box.must('systemctl list-units --state=active --no-legend --plain | wc -l')).trim()} active units.`,
      ]
    },
  },
  {
    id: 'data-grown',
    title: 'The data partition fills the card',
    after: ['first-boot'],
    async run(lab) {
      await lab.bootToHttps()
      const { size } = partitionOf(lab.card, 'data')
      const shipped = partitionOf(lab.options.image, 'data').size
      const fileSystem = Number(await lab.box.must('df -B1 --output=size /data | tail -n 1'))
      expect(size > 1.5 * 1024 ** 3, `The partition has ${megabytes(size)} MB on a card of 4 GB.`)
      expect(fileSystem > size * 0.9, `The file system has ${megabytes(fileSystem)} MB in ${megabytes(size)} MB.`)
      return [`${megabytes(shipped)} MB as shipped, ${megabytes(size)} MB after the first boot, in use whole.`]
    },
  },
  {
    id: 'setup-page',
    title: 'The setup page over HTTPS, with the private root from the trust page',
    after: ['first-boot'],
    async run(lab) {
      await lab.bootToHttps()
      const trust = await lab.fetchPlain('/trust/lares-root.pem')
      expect(trust.status === 200 && /BEGIN CERTIFICATE/.test(trust.body), `The trust page answers ${trust.status}.`)
      lab.household.rootPem = trust.body
      lab.saveHousehold()
      expect((await tlsProblem(lab.httpsPort, undefined)) !== null, 'The box was believed without its root.')
      expect((await tlsProblem(lab.httpsPort, trust.body)) === null, 'The box was not believed with its own root.')
      const page = await lab.client().call('GET', '/')
      expect(page.status === 200 && /<html/i.test(page.body.toString()), `GET / answers ${page.status}.`)
      const status = await lab.client().must<SetupStatus>('GET', '/api/setup')
      expect(!status.setupDone, 'A new box says that it is set up already.')
      return [
        `lares.local is believed with the root from http://lares.local/trust and with nothing else; Lares ${status.version}.`,
      ]
    },
  },
  {
    id: 'setup',
    title: 'Setup by the API, with the one-time code from the screen',
    after: ['setup-page'],
    async run(lab) {
      await lab.bootToHttps()
      const { code, where } = await readCode(lab)
      const wrong = await lab.client().call('POST', '/api/setup/begin', { setupCode: 'AAAA-AAAA', ...OWNER })
      expect(wrong.status >= 400 && wrong.status < 500, `A wrong code was answered with ${wrong.status}.`)
      const client = lab.client()
      lab.household.home = await setUpHome(client, code, OWNER)
      lab.saveHousehold()
      const status = await client.must<SetupStatus>('GET', '/api/setup')
      expect(status.setupDone, 'The box is not set up after setup.')
      const again = await lab.client().call('POST', '/api/setup/begin', { setupCode: code, ...OWNER })
      expect(again.status >= 400 && again.status < 500, `Setup a second time was answered with ${again.status}.`)
      return [
        `Code read from ${where}; a wrong code (${wrong.status}) and a second setup (${again.status}) are refused.`,
      ]
    },
  },
  {
    id: 'plug',
    title: 'A simulated plug is added and switched',
    after: ['setup'],
    async run(lab) {
      await lab.bootToHttps()
      const client = await lab.signIn()
      const { plugs } = await client.must<{ plugs: Plug[] }>('POST', '/api/plugs', { host: PLUG_ADDRESS })
      const [plug] = plugs
      expect(plug !== undefined, 'The plug was not added.')
      Object.assign(lab.household, { plugId: plug.id, plugName: plug.name })
      await switchPlug(lab, client, true)
      await switchPlug(lab, client, false)
      const { switched } = await historyOf(client, plug.id)
      expect(switched === 2, `The record has ${switched} switchings, not 2.`)
      return [
        `${plug.model} at ${PLUG_ADDRESS}: on and off, confirmed by the plug and in the record.`,
        ...(await expectNothingLost(lab)),
      ]
    },
  },
]

const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0)

const CODE = /\b([A-Z2-9]{4}-[A-Z2-9]{4})\b/

/** The program that draws it starts after the page answers, which takes its time in the emulation. */
const SCREEN_TRIES = 30
const SCREEN_PAUSE_MS = 4_000

/** From the text on the screen (the kernel's copy of it). */
async function readCode(lab: Lab): Promise<{ code: string; where: string }> {
  let text = ''
  for (let tries = 0; tries < SCREEN_TRIES; tries++) {
    text = (await lab.box.run('cat /dev/vcs1')).output
    const code = CODE.exec(text)?.[1]
    if (code !== undefined) return { code, where: 'the HDMI screen' }
    await wait(SCREEN_PAUSE_MS)
  }
  throw new Error(`The screen shows no code: ${text.replace(/\s+/g, ' ').trim()}`)
}
