// A box of ours as a folder: two systems, a RAUC and a systemctl that are small programs, and the real host agent before them.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { silentLog } from '../../appliance/src/core/log.ts'
import { findFeatures } from '../../appliance/src/host/agent/features.ts'
import { createHandlers } from '../../appliance/src/host/agent/handlers.ts'
import { createAgentServer } from '../../appliance/src/host/agent/serve.ts'
import { createHost, type Host } from '../../appliance/src/host/index.ts'

export const COMPATIBLE = 'lares-rpi-arm64'

/** Says what RAUC 1.8 says, word for word where it matters. */
const RAUC = `#!/bin/sh
root=$(cd "$(dirname "$0")/../.." && pwd)
state=$root/state
echo "rauc $*" >> "$state/calls"
booted=$(cat "$root/run/lares-slot")
primary=$(cat "$state/primary")
for last in "$@"; do :; done
field() { sed -n "s/^$1=//p" "$last" 2>/dev/null; }
slot() {
  number=$2
  where=inactive; [ "$1" = "$booted" ] && where=booted
  printf '{"rootfs.%s":{"class":"rootfs","device":"/dev/x","type":"raw","bootname":"%s","state":"%s","parent":null,"mountpoint":null,"boot_status":"good","slot_status":{"bundle":{"compatible":"${COMPATIBLE}","version":"%s"},"installed":{"timestamp":"2026-11-29T01:13:24Z","count":1}}}}' \\
    "$number" "$1" "$where" "$(cat "$state/version-$1")"
}
case $1 in
  status)
    name=rootfs.0; [ "$primary" = B ] && name=rootfs.1
    printf '{"compatible":"${COMPATIBLE}","variant":"","booted":"%s","boot_primary":"%s","slots":[' "$booted" "$name"
    slot B 1; printf ','; printf '{"boot.0":{"class":"boot","device":"/dev/y","type":"raw","bootname":null,"state":"active","parent":"rootfs.0","mountpoint":null}},'
    slot A 0; printf ']}\\n' ;;
  info)
    head -n 1 "$last" | grep -q '^SIGNED$' || { echo 'signature verification failed: Verify error: self-signed certificate' >&2; exit 1; }
    printf '{"compatible":"%s","version":"%s","description":"%s","build":"1","hooks":[],"images":[]}\\n' "$(field compatible)" "$(field version)" "$(field notes)" ;;
  install)
    printf 'installing\\n  0%% Installing\\n 20%% Checking bundle\\n 40%% Verifying signature done.\\n 90%% Copying image to rootfs.1\\n'
    if grep -q '^NO-SPACE$' "$last"; then
      printf '100%% Installing failed.\\nLastError: Failed updating slot: No space left on device\\n'; exit 1
    fi
    other=B; [ "$booted" = B ] && other=A
    field version > "$state/version-$other"
    echo "$other" > "$state/primary"
    echo '0 tryboot' > "$root/run/systemd/reboot-param"
    printf '100%% Installing done.\\n' ;;
esac
`
const SYSTEMCTL = `#!/bin/sh
root=$(cd "$(dirname "$0")/../.." && pwd)
echo "systemctl $*" >> "$root/state/calls"
[ ! -e "$root/state/systemctl-fails" ]
`

export interface FakeBox {
  readonly root: string
  /** The product's data folder. */
  readonly dataDir: string
  readonly host: Host
  /** What was called, one line each. */
  calls(): string[]
  /** As if the loader had started that system. `primary`: which one starts when nothing else is asked for. */
  start(slot: 'A' | 'B', primary?: 'A' | 'B'): void
  file(path: string, content: string): void
  has(path: string): boolean
  close(): Promise<void>
}

/** The text of a bundle as the stand-in of RAUC reads it. */
export const bundle = (version: string, more: { compatible?: string; signed?: boolean; line?: string } = {}): Buffer =>
  Buffer.from(
    [
      more.signed === false ? 'NOT-SIGNED' : 'SIGNED',
      `compatible=${more.compatible ?? COMPATIBLE}`,
      `version=${version}`,
      'notes=Sees cats at night',
      more.line ?? '',
      '',
    ].join('\n'),
  )

export async function createFakeBox(): Promise<FakeBox> {
  const root = mkdtempSync(join(tmpdir(), 'lares-box-'))
  const at = (path: string): string => join(root, path)
  const file = (path: string, content: string): void => {
    mkdirSync(join(at(path), '..'), { recursive: true })
    writeFileSync(at(path), content)
  }
  for (const folder of ['run/systemd/system', 'data', 'var/lib/lares', 'state'])
    mkdirSync(at(folder), { recursive: true })
  file('usr/bin/rauc', RAUC)
  file('usr/bin/systemctl', SYSTEMCTL)
  for (const name of ['rauc', 'systemctl']) chmodSync(at(`usr/bin/${name}`), 0o755)
  file('etc/rauc/system.conf', `[system]\ncompatible=${COMPATIBLE}\n`)
  file('usr/share/lares/image-version', '0.2.0\n')
  for (const slot of ['A', 'B']) file(`state/version-${slot}`, '0.2.0')
  file('state/calls', '')
  const start = (slot: 'A' | 'B', primary = slot): void => {
    file('run/lares-slot', `${slot}\n`)
    file('state/primary', primary)
    file('usr/share/lares/image-version', readFileSync(at(`state/version-${slot}`), 'utf8'))
    rmSync(at('run/systemd/reboot-param'), { force: true })
  }
  start('A')

  const ground = { clock: systemClock, log: silentLog(), root, features: findFeatures(root) }
  const quiet = { idleMs: 600_000, onIdle: () => undefined }
  const server = createAgentServer({ ...ground, ...quiet, handlers: createHandlers(ground) })
  const socketPath = at('run/lares-host.sock')
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  return {
    ...{ root, file, start, dataDir: at('var/lib/lares') },
    host: createHost({ clock: systemClock, socketPath }),
    calls: () => readFileSync(at('state/calls'), 'utf8').trim().split('\n').filter(Boolean),
    has: (path) => existsSync(at(path)),
    async close() {
      await new Promise((resolve) => server.close(resolve))
      rmSync(root, { recursive: true, force: true })
    },
  }
}
