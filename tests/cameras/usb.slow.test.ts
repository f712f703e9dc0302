import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { addCamera, startBox, untilState } from './box.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-usb-box-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** An ffmpeg that has a camera: it lists what cameras list, and draws where it would grab. */
function ffmpegWithCamera(): string {
  const path = join(folder, 'ffmpeg')
  writeFileSync(
    path,
    `#!/bin/bash
echo "$*" >> '${folder}/asked'
if [[ "$*" == *-list_formats* ]]; then
  echo '[video4linux2,v4l2 @ 0x1] Raw       :     yuyv422 :           YUYV 4:2:2 : 640x480' >&2
  echo "$5 $6: Immediate exit requested" >&2; exit 1
fi
args=(); while [ $# -gt 0 ]; do
  case "$1" in
    v4l2) args+=(lavfi) ;;
    -input_format|-protocol_whitelist) shift ;;
    */dev/video0) args+=(testsrc2=size=640x480:rate=15) ;;
    *) args+=("$1") ;;
  esac; shift
done
exec ffmpeg "\${args[@]}"
`,
  )
  chmodSync(path, 0o755)
  return path
}

it('a USB camera is listed, chosen with the format it has, watched, and missed in words when it is gone', async () => {
  const root = join(folder, 'root')
  mkdirSync(join(root, 'sys/class/video4linux/video0'), { recursive: true })
  writeFileSync(join(root, 'sys/class/video4linux/video0/name'), 'HD Pro Webcam C920\n')
  mkdirSync(join(root, 'dev'), { recursive: true })
  writeFileSync(join(root, 'dev/video0'), '')
  const box = await startBox({ ffmpeg: ffmpegWithCamera(), cameras: { root } })
  try {
    const listed = await box.ask('/api/usb-cameras')
    assert.deepEqual(listed.json(), { cameras: [{ device: '/dev/video0', name: 'HD Pro Webcam C920' }] })
    const { id, source } = await addCamera(box, { kind: 'usb', device: '/dev/video0' }, 'Desk')
    assert.deepEqual(source, { kind: 'usb', address: '/dev/video0', hasPassword: false, format: 'auto' })
    await untilState(box, id, 'live')
    assert.match(readFileSync(join(folder, 'asked'), 'utf8'), /-f v4l2 -input_format yuyv422 .*-i \S*\/dev\/video0/)

    const gone = { name: 'Gone', source: { kind: 'usb', device: '/dev/video7' } }
    const refused = await box.ask('/api/cameras', { method: 'POST', send: gone })
    assert.equal(refused.status, 400)
    assert.match(refused.text, /not plugged in/)
    for (const device of ['/dev/sda', '/dev/video0/../sda', 'video0', '/etc/passwd']) {
      const odd = await box.ask('/api/cameras', {
        method: 'POST',
        send: { name: 'Odd', source: { kind: 'usb', device } },
      })
      assert.equal(odd.status, 400, device)
    }
  } finally {
    await box.remove()
  }
})
