import { execFileSync } from 'node:child_process'
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { partitionOf, writeFatFile } from '../../../firmware-image/boot-simulator/card.ts'
import { tlsProblem } from '../household.ts'
import { CARD_BYTES } from '../lab.ts'
import { NotHere, expect, type Scenario } from '../scenario.ts'

const NAME = 'attic'
const WIFI = 'Sparrow lane'
/** As NetworkManager's files hold a name that may be any bytes. */
const WIFI_AS_BYTES = [...Buffer.from(WIFI)].map((byte) => `${byte};`).join('')
const SETTINGS = `hostname = "${NAME}"\n\n[wifi]\nssid = "${WIFI}"\npsk = "hunter22"\ncountry = "DE"\n`
const REPORT = '/run/lares-first-boot/report.json'

export const cardSettings: readonly Scenario[] = [
  {
    id: 'card-settings',
    title: 'A file lares.toml on the card gives name and Wi-Fi before the first boot',
    after: ['first-boot'],
    async run(lab) {
      await lab.box.powerCut()
      const card = join(lab.options.folder, 'settings-card.img')
      execFileSync('cp', ['--sparse=always', lab.options.image, card])
      truncateSync(card, CARD_BYTES)
      writeFatFile(card, partitionOf(card, 'bootcfg'), 'lares.toml', SETTINGS)
      await lab.replaceBox({ card })
      try {
        const boot = await lab.bootToHttps()
        const { code, output: report } = await lab.box.run(`cat ${REPORT}`)
        if (code !== 0) throw new NotHere('This image reads no lares.toml at its first boot.')
        const root = await lab.fetchPlain('/trust/lares-root.pem', `${NAME}.local`)
        const problem = await tlsProblem(lab.httpsPort, root.body, `${NAME}.local`)
        expect(problem === null, `The certificate is not for ${NAME}.local: ${problem}. Report: ${report}`)
        const files = await lab.box.must(
          `cd /etc/NetworkManager/system-connections && for f in lares-wifi-*; do stat -c '%a %n' "$f"; grep -c '^ssid=${WIFI_AS_BYTES}$' "$f"; done`,
        )
        expect(/^600 lares-wifi-\S+\s+1\s*$/.test(files), `Connections: ${files}`)
        return [`${NAME}.local after ${boot.httpsAtS?.toFixed(0)} s; one Wi-Fi connection, readable by root alone.`]
      } finally {
        await lab.replaceBox()
      }
    },
  },
]
