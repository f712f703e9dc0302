import type { Boot } from '../../../firmware-image/boot-simulator/box.ts'
import { partitionOf, readFatFile } from '../../../firmware-image/boot-simulator/card.ts'
import { readLoaderConfig } from '../../../firmware-image/boot-simulator/loader-config.ts'
import { BUNDLES_IN_THE_BOX, MARK, makeBundles, type Bundles } from '../bundles.ts'
import { chooseWay, type Updating } from '../updating.ts'
import { expectNothingLost } from '../household.ts'
import type { Lab } from '../lab.ts'
import { NotHere, expect, type Scenario } from '../scenario.ts'

export const updates: readonly Scenario[] = [
  {
    id: 'unsigned-refused',
    title: 'An update without a signature, and one that somebody else signed, are refused',
    after: ['plug'],
    async run(lab) {
      const running = await bootWithBundles(lab)
      const way = await chooseWay(lab)
      const words = [`By ${way.how}.`]
      for (const name of ['unsigned', 'strangers'] as const) {
        const refusal = await way.refusal(name)
        expect(refusal !== null, `The ${name} bundle was taken.`)
        words.push(`${name}: ${refusal}`)
      }
      expect(nextPartition(lab) === running.partition, 'A refused update changed what is started next.')
      return [...words, ...(await expectNothingLost(lab))]
    },
  },
  {
    id: 'update',
    title: 'A signed update goes to the other slot, is tried, confirmed and kept, with the data',
    after: ['plug'],
    async run(lab) {
      const before = await bootWithBundles(lab)
      const way = await chooseWay(lab)
      const trial = await installAndRestart(lab, way, 'good')
      const boot = await lab.box.waitUntil(
        'a page over HTTPS after the update',
        ({ number, httpsAtS }) => number > before.number && httpsAtS !== null,
        lab.options.bootLimitS,
      )
      expect(boot === trial && boot.partition !== before.partition, `It answers from partition ${boot.partition}.`)
      await lab.box.must(`test -e /${MARK}`)
      const confirmedS = await confirmedWithin(lab, boot.partition)
      const outcome = await way.outcome('done')
      return [
        ...(outcome === null ? [] : [`The page says: ${outcome.replace(/\.$/, '')}.`]),
        `By ${way.how}. From partition ${before.partition} to ${boot.partition}: a page ${boot.httpsAtS?.toFixed(0)} s after the trial boot began, confirmed ${confirmedS} s later.`,
        ...(await expectNothingLost(lab)),
      ]
    },
  },
  {
    id: 'broken-update',
    title: 'A signed update that cannot even start is rolled back by the box itself',
    after: ['plug'],
    run: (lab) => rolledBack(lab, 'broken'),
  },
  {
    id: 'sick-update',
    title: 'A signed update that starts but never answers over HTTPS is rolled back by the box itself',
    after: ['plug'],
    run: (lab) => rolledBack(lab, 'sick'),
  },
]

const RESTART_LIMIT_S = 240
const ROLLBACK_LIMIT_S = 1500
const CONFIRM_LIMIT_S = 600
const LOOK_AGAIN_S = 5

let bundles: Bundles | null = null

/** On, and up, with a disk that holds the bundles. */
async function bootWithBundles(lab: Lab): Promise<Boot> {
  if (!lab.options.signing) throw new NotHere('No key to sign updates with is here.')
  bundles ??= makeBundles(lab.options)
  const isThere = lab.box.isOn && (await lab.box.run('test -e /dev/disk/by-id/virtio-lares-test-0')).code === 0
  if (!isThere) await lab.replaceBox({ disks: [bundles.disk] })
  const boot = await lab.bootToHttps()
  const place = BUNDLES_IN_THE_BOX
  await lab.box.must(
    `mkdir -p ${place}; mountpoint -q ${place} || mount -o ro /dev/disk/by-id/virtio-lares-test-0 ${place}`,
  )
  // A system that is still on trial keeps the other slot for itself.
  await confirmedWithin(lab, boot.partition)
  return boot
}

/** Resolves with the trial boot as it begins. */
async function installAndRestart(lab: Lab, way: Updating, name: 'good' | 'sick' | 'broken'): Promise<Boot> {
  const before = lab.box.boot
  await way.install(name)
  expect(nextPartition(lab) === before.partition, 'An update counts as good before it was tried.')
  await way.restart()
  const trial = await lab.box.waitUntil('a restart', ({ number }) => number > before.number, RESTART_LIMIT_S)
  expect(
    trial.tryboot && trial.partition !== before.partition,
    `It restarted from partition ${trial.partition}, not on trial.`,
  )
  return trial
}

async function rolledBack(lab: Lab, name: 'sick' | 'broken'): Promise<string[]> {
  const before = await bootWithBundles(lab)
  const way = await chooseWay(lab)
  const trial = await installAndRestart(lab, way, name)
  const back = await lab.box.waitUntil(
    'the old system again',
    ({ number, httpsAtS }) => number > trial.number && httpsAtS !== null,
    ROLLBACK_LIMIT_S,
  )
  expect(back.partition === before.partition && !back.tryboot, `It came back on partition ${back.partition}.`)
  const lastedS = (back.startedAtMs - trial.startedAtMs) / 1000
  const outcome = await way.outcome('rolled-back')
  return [
    ...(outcome === null ? [] : [`The page says: ${outcome.replace(/\.$/, '')}.`]),
    `By ${way.how}. The trial boot of partition ${trial.partition} gave up after ${lastedS.toFixed(0)} s; partition ${back.partition} answered ${back.httpsAtS?.toFixed(0)} s after its start.`,
    ...(await expectNothingLost(lab)),
  ]
}

/** Seconds until autoboot.txt names that partition. The file is read as the loader would, from the card. */
async function confirmedWithin(lab: Lab, partition: number): Promise<number> {
  const from = Date.now()
  for (;;) {
    const waitedS = Math.round((Date.now() - from) / 1000)
    if (nextPartition(lab) === partition) return waitedS
    expect(waitedS < CONFIRM_LIMIT_S, `Partition ${partition} was not confirmed within ${CONFIRM_LIMIT_S} s.`)
    await lab.box.run(`sleep ${LOOK_AGAIN_S}`)
  }
}

/** What a cold start would start from. */
function nextPartition(lab: Lab): number {
  const text = readFatFile(lab.card, partitionOf(lab.card, 'bootcfg'), 'autoboot.txt') ?? ''
  return Number(readLoaderConfig(text, { board: 'pi4', tryboot: false }).values.get('boot_partition'))
}
