import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { lstatSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { baseHash, mmdebstrapArguments } from '../../firmware-image/image/base.ts'
import { linesOf } from '../../firmware-image/image/steps.ts'
import { IMAGE, OVERLAY, without } from './places.ts'

const files = (readdirSync(OVERLAY, { recursive: true }) as string[])
  .filter((path) => lstatSync(join(OVERLAY, path)).isFile())
  .sort()
const read = (path: string): string => readFileSync(join(OVERLAY, path), 'utf8')
const list = (name: string): string[] => linesOf(readFileSync(join(IMAGE, name), 'utf8'))
const scripts = files.filter((path) => read(path).startsWith('#!/bin/sh') || path.endsWith('lares-functions'))

describe('the overlay', () => {
  it('is named file by file in the README', () => {
    const named = [...readFileSync(join(IMAGE, 'README.md'), 'utf8').matchAll(/^\| `((?:etc|usr)\/[^`]+)`/gm)]
    assert.deepEqual(named.map(([, path]) => path).sort(), files)
  })

  it('has scripts that the shell of the box understands, and that it may run', () => {
    assert.ok(scripts.length >= 10)
    for (const path of scripts) {
      assert.equal(spawnSync('sh', ['-n', join(OVERLAY, path)]).status, 0, path)
      const isRun = !path.endsWith('lares-functions')
      assert.equal((lstatSync(join(OVERLAY, path)).mode & 0o111) !== 0, isRun, path)
    }
  })

  it('has no script that busybox cannot read', { skip: without('busybox') }, () => {
    for (const path of scripts.filter((script) => script.includes('initramfs-tools/scripts'))) {
      assert.equal(spawnSync('busybox', ['sh', '-n', join(OVERLAY, path)]).status, 0, path)
    }
  })

  it('starts only programs that it brings', () => {
    const units = files.filter((path) => /\.service$/.test(path) && path.startsWith('usr/lib/systemd'))
    const ours = units.flatMap((path) => [...read(path).matchAll(/^Exec\w+=-?(\/usr\/lib\/lares-os\/\S+)/gm)])
    assert.ok(ours.length >= 5)
    for (const [, program = ''] of ours) assert.ok(files.includes(program.slice(1)), program)
  })

  it('brings no key, no password, no certificate and no identity', () => {
    for (const path of files) {
      assert.doesNotMatch(read(path), /BEGIN [A-Z ]*(PRIVATE KEY|CERTIFICATE)|\$[16y]\$|ssh-(rsa|ed25519) AAAA/, path)
      assert.doesNotMatch(path, /machine-id|ssh_host|authorized_keys|shadow/)
    }
  })
})

describe('what starts', () => {
  const preset = read('usr/lib/systemd/system-preset/10-lares.preset')

  it('is named; everything else is off', () => {
    assert.equal(linesOf(preset).at(-1), 'disable *')
    for (const unit of ['lares.service', 'nftables.service', 'systemd-timesyncd.service', 'fake-hwclock*.service']) {
      assert.ok(linesOf(preset).includes(`enable ${unit}`), unit)
    }
    assert.doesNotMatch(preset, /^enable (ssh|getty|apt)/m)
  })

  it('is not what may never start: no sign-in at the console, no ssh of Debian’s, no second judge of a system', () => {
    const masked = list('units.list')
    for (const unit of [
      'ssh.service',
      'ssh.socket',
      'getty@tty1.service',
      'rauc-mark-good.service',
      'apt-daily.timer',
    ]) {
      assert.ok(masked.includes(unit), unit)
    }
    const enabled = linesOf(preset).map((line) => line.replace('enable ', ''))
    assert.deepEqual(
      masked.filter((unit) => enabled.includes(unit)),
      [],
    )
  })

  it('is ssh only when a public key was brought', () => {
    assert.match(
      read('usr/lib/systemd/system/lares-ssh.service'),
      /^ConditionPathExists=\/data\/os\/ssh\/authorized_keys$/m,
    )
    const settings = read('etc/ssh/sshd_config.d/lares.conf')
    for (const line of ['PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'AllowUsers root']) {
      assert.ok(settings.split('\n').includes(line), line)
    }
  })
})

describe('the base', () => {
  it('is asked of Debian 13 with every listed package, and only kernel and firmware of backports', () => {
    const words = mmdebstrapArguments('/target', '/debs')
    const include = words.find((word) => word.startsWith('--include='))
    assert.deepEqual(include?.slice('--include='.length).split(','), list('packages.list'))
    for (const name of ['ffmpeg', 'rauc', 'nftables', 'wireguard-tools', 'fake-hwclock']) {
      assert.ok(list('packages.list').includes(name), name)
    }
    assert.equal(
      words.filter((word) => word.startsWith('deb ')).every((word) => word.includes('signed-by=')),
      true,
    )
    const pinned = readFileSync(join(IMAGE, 'backports.pref'), 'utf8')
    assert.match(pinned, /^Package: src:linux src:linux-signed-arm64 src:linux-base src:firmware-nonfree$/m)
    assert.match(baseHash(), /^[0-9a-f]{16}$/)
  })

  it('leaves the licences of what is in it', () => {
    const words = mmdebstrapArguments('/target', '/debs')
    const out = words.indexOf('--dpkgopt=path-exclude=/usr/share/doc/*')
    assert.ok(out >= 0 && words.indexOf('--dpkgopt=path-include=/usr/share/doc/*/copyright') > out)
  })
})
