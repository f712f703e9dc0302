import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import { createHomeWifi, HOME_PROFILE, readCountry, setCountry, type Nmcli } from '../wifi/index.ts'
import type { Radio } from './types.ts'

export interface RadioOptions {
  device: string
  nmcli: Nmcli
  root: string
  clock: Clock
  log: Log
  iwCommand?: string
}

/** What the watch needs, by NetworkManager. */
export function createRadio({ device, nmcli, root, clock, log, iwCommand }: RadioOptions): Radio {
  const home = createHomeWifi({ nmcli, root, log })
  return {
    async isOnline() {
      const [devices, profiles] = [await nmcli.devices(), await nmcli.profiles()]
      const ours = profiles.filter(({ id }) => id === HOME_PROFILE).map(({ uuid }) => uuid)
      // The access point itself counts as connected too.
      return devices.some(
        ({ kind, connected, profileId }) =>
          connected && (kind === 'wired' || (profileId !== null && ours.includes(profileId))),
      )
    },
    isWifiKnown: async () => (await home.known()) !== null,
    scan: () => nmcli.scan(device),
    join: (wanted) => home.join(wanted),
    rejoin: () => home.rejoin(),
    country: () => readCountry(root),
    setCountry: (country) => setCountry(country, { root, clock, log, ...(iwCommand && { command: iwCommand }) }),
  }
}
