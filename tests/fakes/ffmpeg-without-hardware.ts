// An ffmpeg whose machine has (or has not) a video decoder: a script that takes the decoder's flags away and runs the real
// one, or fails the way drivers do. What it was asked for is kept in a file.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface FakeFfmpeg {
  readonly path: string
  /** `works`, `fails` at once, `dies` after a second, `hangs` without a word, `freezes` after a second. */
  set(how: 'works' | 'fails' | 'dies' | 'hangs' | 'freezes'): void
  /** Runs that asked for the hardware. */
  hardwareRuns(): number
}

export function makeFakeFfmpeg(folder: string): FakeFfmpeg {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'ffmpeg')
  const [how, runs] = [join(folder, 'how'), join(folder, 'runs')]
  writeFileSync(
    path,
    `#!/bin/bash
args=(); hardware=
while [ $# -gt 0 ]; do
  case "$1" in
    -hwaccel|-hwaccel_device|-hwaccel_output_format) hardware=1; shift 2; continue ;;
    *scale_vaapi=*) args+=("\${1/scale_vaapi=/scale=}"); args[-1]="\${args[-1]/,hwdownload,format=nv12/}" ;;
    *) args+=("$1") ;;
  esac
  shift
done
if [ -z "$hardware" ]; then exec ffmpeg "\${args[@]}"; fi
echo run >> '${runs}'
case "$(cat '${how}')" in
  works) exec ffmpeg "\${args[@]}" ;;
  fails) echo 'Device creation failed: -5. No device available for decoder: device type vaapi needed for codec h264.' >&2; exit 1 ;;
  freezes) ffmpeg "\${args[@]}" & child=$!; trap 'kill -9 $child' TERM; sleep 1.5; kill -STOP $child; wait ;;
  hangs) exec sleep 600 ;;
  dies) ffmpeg "\${args[@]}" & child=$!; trap 'kill $child' TERM; sleep 1.5; kill -9 $child; wait
        echo '[AVHWFramesContext] Failed to sync surface: operation failed; hwdownload: Failed to download frame: -5.' >&2; exit 1 ;;
esac
`,
  )
  chmodSync(path, 0o755)
  rmSync(runs, { force: true })
  const set: FakeFfmpeg['set'] = (next) => writeFileSync(how, next)
  set('works')
  return {
    path,
    set,
    hardwareRuns: () => (existsSync(runs) ? readFileSync(runs, 'utf8').split('\n').length - 1 : 0),
  }
}
