import type { WantedWifi } from './types.ts'

/** The one profile of the household's Wi-Fi. */
export const HOME_PROFILE = 'lares-wifi'
export const HOTSPOT_PROFILE = 'lares-hotspot'
export const HOTSPOT_ADDRESS = '10.42.0.1'

/** Bytes as NetworkManager reads them: nothing in a name can be mistaken for anything else. */
const ssidBytes = (ssid: string): string => [...Buffer.from(ssid)].map((byte) => `${byte};`).join('')

/** As GKeyFile reads it back. */
const keyfileText = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(' ', '\\s')

/** `wanted` is checked (`wifiProblem`) before. One that is only tried is not joined by itself. */
export function homeProfile(wanted: WantedWifi, uuid: string, isTrial = false): string {
  const security =
    wanted.password === null ? [] : ['[wifi-security]', 'key-mgmt=wpa-psk', `psk=${keyfileText(wanted.password)}`, '']
  return [
    '[connection]',
    `id=${HOME_PROFILE}`,
    `uuid=${uuid}`,
    'type=wifi',
    ...(isTrial ? ['autoconnect=false'] : []),
    // For ever: the router may start minutes after the box.
    'autoconnect-retries=0',
    '',
    '[wifi]',
    'mode=infrastructure',
    `ssid=${ssidBytes(wanted.ssid)}`,
    ...(wanted.hidden ? ['hidden=true'] : []),
    '',
    ...security,
    '[ipv4]',
    'method=auto',
    '',
    '[ipv6]',
    'method=auto',
    'addr-gen-mode=default',
    '',
  ].join('\n')
}

/** The access point of the box: never by itself, and no way from it to anywhere. */
export function hotspotProfile(options: { ssid: string; password: string; device: string; uuid: string }): string {
  return [
    '[connection]',
    `id=${HOTSPOT_PROFILE}`,
    `uuid=${options.uuid}`,
    'type=wifi',
    `interface-name=${options.device}`,
    'autoconnect=false',
    '',
    '[wifi]',
    'mode=ap',
    // 2.4 GHz: every phone has it, and no country forbids it.
    'band=bg',
    `ssid=${ssidBytes(options.ssid)}`,
    '',
    '[wifi-security]',
    'key-mgmt=wpa-psk',
    'proto=rsn',
    'pairwise=ccmp',
    'group=ccmp',
    // The radio of the Raspberry Pi refuses phones when it has to protect management frames as an access point.
    'pmf=1',
    `psk=${keyfileText(options.password)}`,
    '',
    '[ipv4]',
    'method=shared',
    `address1=${HOTSPOT_ADDRESS}/24`,
    '',
    '[ipv6]',
    'method=disabled',
    '',
  ].join('\n')
}
