import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { syncFolder } from '../../core/disk.ts'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { HOME_PROFILE, homeProfile } from './keyfile.ts'
import type { Nmcli } from './nmcli.ts'
import { writeFileSafely } from './safe-file.ts'
import type { JoinFailure, WantedWifi } from './types.ts'

/** Kept over a restart, unlike those below /run. */
export const PROFILE_FOLDER = 'etc/NetworkManager/system-connections'

/** Association, four-way handshake, and the router's answer for an address. */
const JOIN_WAIT_S = 60

export const profileFile = (root: string, uuid: string): string =>
  join(root, PROFILE_FOLDER, `${HOME_PROFILE}-${uuid}.nmconnection`)

export interface HomeWifi {
  /** The profile of the household's Wi-Fi; null while there is none. */
  known(): Promise<{ uuid: string; ssid: string | null } | null>
  /** Tries the network; null when it works. Then it is the one that is kept; otherwise the one before comes back. */
  join(wanted: WantedWifi): Promise<JoinFailure | null>
  /** Tries the one that is known, if there is one. */
  rejoin(): Promise<JoinFailure | null>
  forget(): Promise<void>
}

/** The one Wi-Fi that the household gave its box. */
export function createHomeWifi({ nmcli, root, log }: { nmcli: Nmcli; root: string; log: Log }): HomeWifi {
  const ours = async (): Promise<string[]> =>
    (await nmcli.profiles()).filter(({ id }) => id === HOME_PROFILE).map(({ uuid }) => uuid)

  async function removeAllBut(kept: string | null): Promise<void> {
    for (const uuid of await ours()) if (uuid !== kept) await nmcli.remove(uuid)
  }

  async function rejoin(): Promise<JoinFailure | null> {
    const [uuid] = await ours()
    return uuid === undefined ? 'failed' : nmcli.up(uuid, JOIN_WAIT_S)
  }

  async function tryProfile(uuid: string, wanted: WantedWifi): Promise<JoinFailure | null> {
    const file = profileFile(root, uuid)
    try {
      await writeFileSafely(file, homeProfile(wanted, uuid, true))
      await nmcli.load(file)
      return await nmcli.up(uuid, JOIN_WAIT_S)
    } catch (error) {
      log.warn({ err: messageOf(error) }, 'The Wi-Fi could not be tried')
      return 'failed'
    }
  }

  return {
    async known() {
      const [uuid] = await ours()
      return uuid === undefined ? null : { uuid, ssid: await nmcli.ssidOf(uuid) }
    },
    async join(wanted) {
      const uuid = randomUUID()
      const failure = await tryProfile(uuid, wanted)
      if (failure !== null) {
        log.info({ failure }, 'The Wi-Fi did not work')
        await nmcli.remove(uuid)
        await rejoin()
        return failure
      }
      await nmcli.setAutoconnect(uuid)
      // NetworkManager wrote it last, and does not wait for the card.
      await syncFolder(profileFile(root, uuid))
      await syncFolder(join(root, PROFILE_FOLDER))
      await removeAllBut(uuid)
      log.info('The box is in its new Wi-Fi')
      return null
    },
    rejoin,
    forget: () => removeAllBut(null),
  }
}
