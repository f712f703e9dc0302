import type { SetupStatus } from '../../../appliance/src/api/setup.ts'
import type { Boot } from '../../../firmware-image/boot-simulator/box.ts'
import { partitionOf, writeFatFile } from '../../../firmware-image/boot-simulator/card.ts'
import type { Lab } from '../lab.ts'
import { NotHere, expect, type Scenario } from '../scenario.ts'

const HOME_NAME = 'Test home'

export const factoryReset: readonly Scenario[] = [
  {
    id: 'factory-reset-by-page',
    title: 'Factory reset by the page',
    after: ['plug'],
    async run(lab) {
      const before = await lab.bootToHttps()
      const client = await lab.signIn()
      const offered = await client.call('GET', '/api/box')
      if (offered.status === 404) throw new NotHere('This image has no page for it.')
      await lab.confirmAgain(client)
      await client.must('POST', '/api/box/factory-reset', { homeName: HOME_NAME })
      const boot = await lab.box.waitUntil(
        'a page over HTTPS after the reset',
        ({ number, httpsAtS }) => number > before.number && httpsAtS !== null,
        lab.options.bootLimitS,
      )
      return expectNobodysHome(lab, boot)
    },
  },
  {
    id: 'factory-reset-by-file',
    title: 'Factory reset by a file named factory-reset on the card',
    after: ['setup-page'],
    async run(lab) {
      await lab.box.powerCut()
      writeFatFile(lab.card, partitionOf(lab.card, 'bootcfg'), 'factory-reset', '')
      const boot = await lab.bootToHttps()
      const facts = await expectNobodysHome(lab, boot)
      const flag = await lab.box.run('ls /bootcfg/factory-reset*')
      expect(flag.code !== 0, `The file is still there, the next start would reset again: ${flag.output}`)
      return [...facts, 'The file is gone.']
    },
  },
]

/** Nothing of the household is left: another root, no account. The lab forgets it as well. */
async function expectNobodysHome(lab: Lab, boot: Boot): Promise<string[]> {
  const before = lab.household.rootPem
  const root = await lab.fetchPlain('/trust/lares-root.pem')
  expect(root.body !== before, 'The box has the same root certificate as before the reset.')
  for (const key of Object.keys(lab.household)) delete lab.household[key as keyof typeof lab.household]
  lab.household.rootPem = root.body
  lab.saveHousehold()
  const status = await lab.client().must<SetupStatus>('GET', '/api/setup')
  expect(!status.setupDone, 'The account outlived the reset.')
  return [`A new root certificate and nobody's home; a page after ${boot.httpsAtS?.toFixed(0)} s.`]
}
