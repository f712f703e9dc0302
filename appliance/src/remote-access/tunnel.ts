import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { Host, WireguardSetup, WireguardStatus } from '../host/index.ts'

const NOTICE = 'remote-access'

export interface Tunnel {
  /** Whether this box can run it at all. */
  isHere(): Promise<boolean>
  /** What it is doing; null where this box does not run it, or the agent does not answer. */
  status(): Promise<WireguardStatus | null>
  /** As it should be from now on; null: off. What goes wrong is told as a notice and tried again by `reconcile`. */
  apply(wanted: WireguardSetup | null): Promise<void>
  /** Looks whether the tunnel is as it should be, and mends it; null when there is nothing to look at. */
  reconcile(wanted: WireguardSetup | null): Promise<WireguardStatus | null>
  /** One sentence while the last attempt failed. */
  problem(): string | null
}

/** The tunnel as the host agent runs it. */
export function createTunnel({ host, log, notices }: { host: Host; log: Log; notices: NoticeBoard }): Tunnel {
  let problem: string | null = null
  /** The agent said so; from then on only `apply` changes it. To ask would start the agent, each time. */
  let isKnownOff = false
  let applied = 0
  const isHere = (): Promise<boolean> => host.can('wireguard').catch(() => false)

  function note(words: string | null): void {
    problem = words
    if (words === null) return notices.clear(NOTICE)
    const title = 'Phones cannot come in from outside'
    notices.raise({ id: NOTICE, level: 'warning', title, detail: words, link: '/more/remote-access' })
  }

  async function apply(wanted: WireguardSetup | null): Promise<void> {
    isKnownOff = false
    applied += 1
    if (!(await isHere())) return note(null)
    try {
      if (wanted) await host.call('wireguard.apply', wanted)
      else await host.call('wireguard.stop', {})
      note(null)
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'The tunnel is not as it should be')
      note(messageOf(error))
    }
  }

  async function status(): Promise<WireguardStatus | null> {
    if (!(await isHere())) return null
    return host.call('wireguard.status', {}).catch(() => null)
  }

  return {
    ...{ isHere, status, apply, problem: () => problem },
    async reconcile(wanted) {
      if (wanted === null && isKnownOff) return null
      const appliedBefore = applied
      const now = await status()
      if (now === null) return null
      // An answer of before a change says nothing of what is now.
      isKnownOff = !now.running && now.peers.length === 0 && problem === null && applied === appliedBefore
      const isRight = wanted ? now.running && samePeers(now, wanted) : !now.running
      if (isRight && problem === null) return now
      await apply(wanted)
      return status()
    },
  }
}

function samePeers({ peers }: WireguardStatus, wanted: WireguardSetup): boolean {
  const sorted = (keys: readonly { publicKey: string }[]): string =>
    keys
      .map((peer) => peer.publicKey)
      .sort()
      .join()
  return sorted(peers) === sorted(wanted.peers)
}
