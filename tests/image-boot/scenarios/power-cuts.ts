import { setTimeout as wait } from 'node:timers/promises'
import { expectNothingLost, namePlug, switchPlug } from '../household.ts'
import type { Lab } from '../lab.ts'
import { expect, type Scenario } from '../scenario.ts'

export const powerCuts: readonly Scenario[] = [
  {
    id: 'power-cut-after-write',
    title: 'Power cut right after an acknowledged write',
    after: ['plug'],
    async run(lab) {
      await lab.bootToHttps()
      await namePlug(lab, await lab.signIn(), `Lamp ${Date.now() % 100_000}`)
      await lab.box.powerCut()
      return survived(lab)
    },
  },
  {
    id: 'power-cut-after-switch',
    title: 'Power cut half a second after an acknowledged switching',
    after: ['plug'],
    async run(lab) {
      await lab.bootToHttps()
      await switchPlug(lab, await lab.signIn(), !lab.plug.on)
      // Who switched what is written a quarter of a second later, so that a plug need not wait for a slow card.
      await wait(500)
      await lab.box.powerCut()
      return survived(lab)
    },
  },
  {
    id: 'power-cut-while-starting',
    title: 'Power cut in the middle of a boot',
    after: ['plug'],
    async run(lab) {
      await lab.box.powerCut()
      lab.box.powerOn()
      const cut = await lab.box.waitUntil(
        'systemd runs',
        ({ console }) => console.marks.has('systemd'),
        lab.options.bootLimitS,
      )
      const startedAtS = cut.console.marks.get('systemd') as number
      await lab.box.waitUntil(
        'services start',
        (boot) => (Date.now() - boot.startedAtMs) / 1000 > startedAtS * 1.8 || boot.httpsAtS !== null,
        lab.options.bootLimitS,
      )
      await lab.box.powerCut()
      expect(cut.httpsAtS === null, 'The box was up before the power was cut.')
      return survived(lab)
    },
  },
]

/** The next boot must come up by itself and know everything. */
async function survived(lab: Lab): Promise<string[]> {
  const boot = await lab.bootToHttps()
  expect(boot.partition === boot.partition && !boot.tryboot, 'A cold start was a trial boot.')
  return [`Up again after ${boot.httpsAtS?.toFixed(0)} s.`, ...(await expectNothingLost(lab))]
}
