// How an update gets into the box: through the product's own page where it offers that, else by RAUC itself, as root.
import { setTimeout as sleep } from 'node:timers/promises'
import type { HttpsClient } from '../harness/https-client.ts'
import { BUNDLES_IN_THE_BOX, type BundleName } from './bundles.ts'
import type { Lab } from './lab.ts'
import { expect } from './scenario.ts'

/** What of `GET /api/updates` is needed here. */
interface UpdatesView {
  way: string
  phase: string
  problem: string | null
  history: { outcome: string; reason: string | null }[]
}

const INSTALL_LIMIT_MS = 900_000
const OUTCOME_LIMIT_MS = 120_000
const LOOK_AGAIN_MS = 2_000

export interface Updating {
  /** For the report. */
  how: string
  /** Resolves with the words of the refusal; null when it was taken. */
  refusal(name: BundleName): Promise<string | null>
  install(name: BundleName): Promise<void>
  /** Begins the trial: the box restarts. */
  restart(): Promise<void>
  /** What the box says became of the last update, once it says so; null where it keeps no such history. */
  outcome(expected: 'done' | 'rolled-back'): Promise<string | null>
}

/** Asks the box which way it offers. */
export async function chooseWay(lab: Lab): Promise<Updating> {
  const client = await lab.signIn()
  const answer = await client.call('GET', '/api/updates')
  const offersBundles = answer.status === 200 && answer.json<{ way: string }>().way === 'bundle'
  return offersBundles ? byPage(lab, client) : byRauc(lab)
}

function byRauc(lab: Lab): Updating {
  const install = (name: BundleName) =>
    lab.box.run(`rauc install ${BUNDLES_IN_THE_BOX}/${name}.raucb`, INSTALL_LIMIT_MS)
  return {
    how: 'rauc install as root',
    async refusal(name) {
      const { code, output } = await install(name)
      return code === 0 ? null : (output.trim().split('\n').at(-1) ?? '')
    },
    async install(name) {
      const { code, output } = await install(name)
      expect(code === 0, `rauc install ended with ${code}: ${output}`)
    },
    async restart() {
      await lab.box.run('(sleep 2; systemctl reboot) >/dev/null 2>&1 &')
    },
    outcome: () => Promise.resolve(null),
  }
}

function byPage(lab: Lab, client: HttpsClient): Updating {
  const view = (): Promise<UpdatesView> => client.must<UpdatesView>('GET', '/api/updates')

  /** Lays it into the folder for updates, as somebody with the card in a computer would, and has the page take it. */
  async function take(name: BundleName) {
    const file = `${name}.raucb`
    const place = '/var/lib/lares/updates'
    await lab.box.must(
      `install -d -o lares -g lares -m 700 ${place} && install -o lares -g lares -m 600 ${BUNDLES_IN_THE_BOX}/${file} ${place}/${file} && sync -f ${place}`,
      INSTALL_LIMIT_MS,
    )
    await lab.confirmAgain(client)
    return client.call('POST', '/api/updates/take', { fileName: file })
  }

  async function waitForPhase(phase: string): Promise<void> {
    const until = Date.now() + INSTALL_LIMIT_MS
    for (;;) {
      const now = await view()
      if (now.phase === phase) return
      expect(now.problem === null, `The page says: ${now.problem}`)
      expect(Date.now() < until, `The update is still ${now.phase} after ${INSTALL_LIMIT_MS / 1000} s.`)
      await sleep(LOOK_AGAIN_MS)
    }
  }

  return {
    how: 'the page for updates (its API)',
    async refusal(name) {
      const answer = await take(name)
      return answer.status < 300 ? null : answer.json<{ message: string }>().message
    },
    async install(name) {
      const answer = await take(name)
      expect(
        answer.status < 300,
        `Taking the update answered ${answer.status}: ${answer.body.toString().slice(0, 300)}`,
      )
      await client.must('POST', '/api/updates/install')
      await waitForPhase('installed')
    },
    async restart() {
      await lab.confirmAgain(client)
      await client.must('POST', '/api/updates/restart', { when: 'now' })
    },
    async outcome(expected) {
      const anew = await lab.signIn()
      for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
        const [last] = (await anew.must<UpdatesView>('GET', '/api/updates')).history
        const words = last ? [last.outcome, last.reason].filter((word) => word !== null).join(': ') : 'nothing'
        if (last?.outcome === expected) return words
        expect(waitedMs < OUTCOME_LIMIT_MS, `The page says of the update: ${words}.`)
        await sleep(LOOK_AGAIN_MS)
      }
    },
  }
}
