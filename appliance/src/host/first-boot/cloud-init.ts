import { toWishes, type Said, type Wishes } from './wishes.ts'
import { parseYaml, type YamlNode } from './yaml.ts'

/**
 * Raspberry Pi Imager's `network-config`: the Wi-Fi and the country in it. Wired settings are nothing of ours: a cable
 * needs none.
 *
 * @throws {FileProblem}
 */
export function readNetworkConfig(text: string): Wishes {
  const file = parseYaml(text)
  const wifis = at(file.map.get('network') ?? file, 'wifis')
  const devices = [...(wifis?.map.values() ?? [])].filter(({ map }) => map.size > 0)
  const said: Said[] = []
  const domain = devices.map((device) => at(device, 'regulatory-domain')).find((each) => each !== undefined)
  if (domain) said.push({ key: 'country', value: domain.scalar, line: domain.line })
  const [point] = devices.flatMap((device) => [...(at(device, 'access-points')?.map ?? [])])
  if (point) said.push(...accessPoint(...point))
  return toWishes(said)
}

function accessPoint(ssid: string, about: YamlNode): Said[] {
  const auth = at(about, 'auth')
  const password = at(about, 'password') ?? (auth && at(auth, 'password'))
  const hidden = at(about, 'hidden')
  return [
    { key: 'ssid', value: ssid, line: about.line },
    ...(password ? [{ key: 'psk' as const, value: password.scalar, line: password.line }] : []),
    ...(hidden ? [{ key: 'hidden' as const, value: hidden.scalar, line: hidden.line }] : []),
  ]
}

/**
 * `user-data` in the form of cloud-init: name, time zone and ssh keys. Users, passwords and commands in it are left
 * alone: this box has no users. A file in another form (a script) says nothing to us.
 *
 * @throws {FileProblem}
 */
export function readUserData(text: string): Wishes {
  if (!/^\uFEFF?#cloud-config\s*(\r?\n|$)/.test(text)) return toWishes([])
  const { map } = parseYaml(text)
  const said: Said[] = []
  const hostname = map.get('hostname')
  if (hostname) said.push({ key: 'hostname', value: hostname.scalar, line: hostname.line })
  const timezone = map.get('timezone')
  if (timezone) said.push({ key: 'timezone', value: timezone.scalar, line: timezone.line })
  const lists = [
    map.get('ssh_authorized_keys'),
    ...(map.get('users')?.list ?? []).map((user) => at(user, 'ssh_authorized_keys')),
  ]
  const keys = lists.flatMap((list) => list?.list ?? [])
  const [first] = keys
  if (first) said.push({ key: 'sshKeys', value: keys.map(({ scalar }) => scalar), line: first.line })
  return toWishes(said)
}

const at = (node: YamlNode, key: string): YamlNode | undefined => node.map.get(key)
