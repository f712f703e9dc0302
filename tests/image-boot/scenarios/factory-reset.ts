import type { SetupStatus } from '../../../appliance/src/api/setup.ts'
import { partitionOf, writeFatFile } from '../../../firmware-image/boot-simulator/card.ts'
import { expect, type Scenario } from '../scenario.ts'

export const factoryReset: readonly Scenario[] = [
  {
    id: 'factory-reset',
    title: 'Factory reset by a file named factory-reset on the card',
    after: ['plug'],
    async run(lab) {
      await lab.box.powerCut()
      writeFatFile(lab.card, partitionOf(lab.card, 'bootcfg'), 'factory-reset', '')
      const before = lab.household.rootPem
      const boot = await lab.bootToHttps()
      const root = await lab.fetchPlain('/trust/lares-root.pem')
      expect(root.body !== before, 'The box has the same root certificate as before the reset.')
      for (const key of Object.keys(lab.household)) delete lab.household[key as keyof typeof lab.household]
      lab.household.rootPem = root.body
      lab.saveHousehold()
      const status = await lab.client().must<SetupStatus>('GET', '/api/setup')
      expect(!status.setupDone, 'The account outlived the reset.')
      const flag = await lab.box.run('ls /bootcfg/factory-reset')
      expect(flag.code !== 0, 'The file is still there: the next start would reset again.')
      return [`A new root certificate, nobody's home, the file is gone; a page after ${boot.httpsAtS?.toFixed(0)} s.`]
    },
  },
]
