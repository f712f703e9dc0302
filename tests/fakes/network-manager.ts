// NetworkManager's and the firewall's programs, as files: they note what they were asked, and answer from a folder.
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface FakeNetworkManager {
  readonly nmcli: string
  readonly nft: string
  readonly iw: string
  /** What each program was asked, in order. */
  calls(): string[]
  /** The texts of the profiles that NetworkManager knows now. */
  profiles(): string[]
  /** Rows of `nmcli device status`: name, kind, state. */
  setWired(connected: boolean): void
  /** What the radio hears: lines as nmcli writes them. */
  setScan(lines: readonly string[]): void
  /** The only network that can be joined, as its lines stand in a profile. */
  setReachable(ssid: string, keyfilePassword: string | null): void
  /** From now on the radio is no access point. */
  refuseAccessPoint(refuse: boolean): void
}

const NMCLI = (dir: string): string => `#!/bin/sh
# Answers as NetworkManager's own program does, from ${dir}.
cd '${dir}' || exit 1
printf 'nmcli %s\\n' "$*" >> calls
profile() { for f in profiles/*; do [ -e "$f" ] && grep -q "^uuid=$1\\$" "$f" && echo "$f" && return; done; }
for last in "$@"; do :; done
case "$*" in
*'device status')
  cat wired
  if [ -s active ]; then echo "wlan0:wifi:connected:$(cat active)"; else echo 'wlan0:wifi:disconnected:'; fi ;;
*'IN-USE'*) [ -s active ] && echo '*:My home:71' || echo ' :My home:71' ;;
*'wifi list'*) cat scan ;;
*'connection show') for f in profiles/*; do [ -e "$f" ] && sed -n 's/^uuid=//p' "$f" | tr -d '\\n' && echo ":$(sed -n 's/^id=//p' "$f")"; done; true ;;
*'802-11-wireless.ssid connection show uuid'*) echo "802-11-wireless.ssid:$(cat name)" ;;
*'connection load '*) cp "$last" "profiles/$(basename "$last")"; echo "$last" >> files ;;
*'connection modify uuid '*) f=$(profile "$5"); sed -i '/^autoconnect=false$/d' "$f" "$(grep "/$(basename "$f")\\$" files | tail -n 1)" ;;
*'connection delete uuid '*)
  f=$(profile "$last"); [ -n "$f" ] || { echo 'Error: unknown connection.' >&2; exit 10; }
  rm -f "$f" "$(grep "/$(basename "$f")\\$" files | tail -n 1)"; [ "$(cat active)" = "$last" ] && : > active; true ;;
*'connection up uuid '*)
  f=$(profile "$last"); : > active
  if grep -q '^mode=ap' "$f"; then
    [ -e no-ap ] && { echo 'Error: Connection activation failed: 802.1X supplicant failed' >&2; exit 4; }
  else
    grep -qxF "$(cat ssid)" "$f" || { echo 'Error: Connection activation failed: The Wi-Fi network could not be found' >&2; exit 4; }
    [ "$(grep '^psk=' "$f")" = "$(cat psk)" ] || { echo 'Error: Connection activation failed: Secrets were required, but not provided' >&2; exit 4; }
  fi
  printf %s "$last" > active ;;
*) echo "unexpected: $*" >&2; exit 2 ;;
esac
`

const ssidLine = (ssid: string): string => `ssid=${[...Buffer.from(ssid)].map((byte) => `${String(byte)};`).join('')}`

/** @param folder empty; the programs lie in it */
export function makeNetworkManager(folder: string): FakeNetworkManager {
  mkdirSync(join(folder, 'profiles'), { recursive: true })
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  const program = (name: string, text: string): string => {
    write(name, text)
    chmodSync(join(folder, name), 0o755)
    return join(folder, name)
  }
  const noting = (name: string): string =>
    `#!/bin/sh\nprintf '${name} %s\\n' "$*" >> '${folder}/calls'\n[ "$1" = -f ] && cp "$2" '${folder}/rules'\nexit 0\n`
  for (const name of ['calls', 'active', 'files', 'scan', 'ssid', 'psk', 'name']) write(name, '')
  write('wired', 'eth0:ethernet:unavailable:\n')
  return {
    nmcli: program('nmcli', NMCLI(folder)),
    nft: program('nft', noting('nft')),
    iw: program('iw', noting('iw')),
    calls: () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').filter(Boolean),
    profiles: () =>
      readdirSync(join(folder, 'profiles')).map((name) => readFileSync(join(folder, 'profiles', name), 'utf8')),
    setWired: (connected) => write('wired', `eth0:ethernet:${connected ? 'connected:11-22' : 'unavailable:'}\n`),
    setScan: (lines) => write('scan', lines.map((line) => `${line}\n`).join('')),
    setReachable(ssid, keyfilePassword) {
      write('name', ssid)
      write('ssid', ssidLine(ssid))
      write('psk', keyfilePassword === null ? '' : `psk=${keyfilePassword}`)
    },
    refuseAccessPoint(refuse) {
      if (refuse) write('no-ap', '')
      else if (existsSync(join(folder, 'no-ap'))) throw new Error('The radio cannot be mended in the middle of a test.')
    },
  }
}
