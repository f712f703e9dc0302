import assert from 'node:assert/strict'
import { execFileSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { STARTED_SIDECARS } from '../../appliance/src/vision/backends/sidecar.ts'
import { openSidecarLink } from '../../appliance/src/vision/backends/sidecar-link.ts'
import { SYSTEM_SIDECARS } from '../../appliance/src/vision/backends/sidecar-socket.ts'
import {
  LAYERS,
  modelFolderOf,
  packageNameOf,
  serviceOf,
  type Layer,
} from '../../firmware-image/accelerators/layers.ts'
import { filesOf, packLayer } from '../../firmware-image/accelerators/pack.ts'
import { serviceText } from '../../firmware-image/accelerators/units.ts'
import { sealDeb } from '../../firmware-image/package/deb.ts'
import { repository } from '../harness/product.ts'
import { makeChroot, noChroot, type Chroot } from './chroot.ts'

const WHEN_S = 1_790_000_000
const folder = mkdtempSync(join(tmpdir(), 'lares-layers-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const pack = (layer: Layer, outFolder: string): string =>
  packLayer(layer, {
    ...{ architecture: layer.architectures[0] ?? 'arm64', version: '1.0.0', outFolder },
    ...{ sourceDateEpochS: WHEN_S, compression: 'xz' },
  })
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')
const valueOf = (text: string, key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? ''

describe('The accelerator layers', () => {
  test('two builds of each give the same bytes', () => {
    for (const layer of LAYERS)
      assert.equal(sha256(pack(layer, join(folder, 'a'))), sha256(pack(layer, join(folder, 'b'))))
  })

  test('each sidecar listens where Lares looks, as Lares’s user, and runs a program that the package of Lares holds', () => {
    for (const layer of LAYERS) {
      const unit = serviceText(layer)
      assert.ok(STARTED_SIDECARS.includes(layer.name))
      assert.equal(valueOf(unit, 'User'), 'lares')
      assert.equal(`/run/${valueOf(unit, 'RuntimeDirectory')}`, SYSTEM_SIDECARS)
      assert.ok(valueOf(unit, 'ExecStart').includes(` --socket ${SYSTEM_SIDECARS}/${layer.name}.sock `))
      const program = / (\/usr\/lib\/lares\/\S+\.py) /.exec(unit)?.[1] ?? ''
      assert.ok(existsSync(program.replace('/usr/lib/lares', repository)), program)
      const dropIn = filesOf(layer)[`usr/lib/systemd/system/lares.service.d/50-accelerator-${layer.name}.conf`] ?? ''
      assert.equal(valueOf(dropIn, 'RuntimeDirectoryPreserve'), 'yes')
    }
  })

  test('SEC-F2 each sidecar’s unit is closed, and sees neither the network nor the data of the home', () => {
    for (const layer of LAYERS) {
      const file = join(folder, `${serviceOf(layer)}.service`)
      writeFileSync(file, serviceText(layer))
      const how = ['security', '--offline=true', '--no-pager', '--threshold=20', file]
      assert.match(execFileSync('systemd-analyze', how, { encoding: 'utf8' }), /exposure level for \S+: [01]\.\d|2\.0/)
      assert.match(readFileSync(file, 'utf8'), /^InaccessiblePaths=.*\/var\/lib\/lares/m)
      assert.doesNotMatch(valueOf(serviceText(layer), 'RestrictAddressFamilies'), /INET/)
    }
  })

  test('only small text is in them: nothing of a maker is handed on', () => {
    for (const layer of LAYERS) {
      const texts = Object.values(filesOf(layer))
      assert.ok(texts.reduce((sum, text) => sum + text.length, 0) < 32_768, layer.name)
      assert.ok(texts.every((text) => !text.includes('\0')))
    }
  })
})

/** A package that is called lares and brings of it what a layer needs: the user and the sidecars. */
function packStandIn(): string {
  const root = mkdtempSync(join(folder, 'stand-in-'))
  cpSync(join(repository, 'appliance/sidecars'), join(root, 'usr/lib/lares/appliance/sidecars'), { recursive: true })
  cpSync(join(repository, 'firmware-image/package/files/lares.sysusers'), join(root, 'usr/lib/sysusers.d/lares.conf'))
  const control = ['Package: lares', 'Version: 1.0.0', 'Architecture: all', 'Maintainer: nobody <n@localhost>']
  return sealDeb({
    ...{
      root,
      file: join(folder, 'lares_1.0.0_all.deb'),
      conffiles: [],
      sourceDateEpochS: WHEN_S,
      compression: 'none',
    },
    control: () => `${[...control, 'Description: stands in for Lares'].join('\n')}\n`,
    scripts: { postinst: '#!/bin/sh\nsystemd-sysusers lares.conf\n' },
  })
}

describe('An accelerator layer in a Debian of its own', { skip: noChroot() }, () => {
  const layer = LAYERS.find(({ name }) => name === 'hailo') ?? assert.fail()
  const model = join(modelFolderOf(layer), layer.model)
  let debian: Chroot
  let sidecar: ChildProcess | null = null
  const inside = (path: string): string => join(debian.root, path)

  before(() => {
    debian = makeChroot(['systemd', 'python3-minimal', 'python3-numpy'])
    const debs = [packStandIn(), pack(layer, folder)]
    for (const file of debs) cpSync(file, inside(`tmp/${file.split('/').at(-1)}`))
    debian.run('sh', '-c', 'dpkg --force-depends --install /tmp/lares_1.0.0_all.deb /tmp/lares-accelerator-*.deb 2>&1')
  })
  after(() => {
    sidecar?.kill('SIGKILL')
    debian.end()
  })

  test('installs: unit and path are enabled, the folder of the model waits, groups are there', () => {
    const wants = 'etc/systemd/system/multi-user.target.wants'
    assert.ok(lstatSync(inside(`${wants}/${serviceOf(layer)}.service`)).isSymbolicLink())
    assert.ok(lstatSync(inside(`etc/systemd/system/paths.target.wants/${serviceOf(layer)}.path`)).isSymbolicLink())
    assert.ok(lstatSync(inside(modelFolderOf(layer))).isDirectory())
    assert.match(debian.run('getent', 'group', 'render'), /render/)
    assert.match(debian.run('dpkg', '--verify', packageNameOf(layer)).trim(), /^$/)
  })

  test('what the unit starts, started as the unit’s user, answers as Lares asks (on a stand-in of HailoRT)', async () => {
    writeFileSync(inside(model), 'a model')
    const chips = join(repository, 'tests/fakes/chips')
    const libraries = inside('usr/lib/python3/dist-packages')
    for (const file of ['hailo_platform.py', 'plain.py', 'stand_in.py'])
      cpSync(join(chips, file), join(libraries, file))
    mkdirSync(inside(SYSTEM_SIDECARS), { recursive: true })
    debian.run('chown', '-R', 'lares:lares', dirname(SYSTEM_SIDECARS))
    const unit = readFileSync(inside(`usr/lib/systemd/system/${serviceOf(layer)}.service`), 'utf8')
    const command = valueOf(unit, 'ExecStart').replace('$OPTIONS', '').trim().split(/ +/)
    const who = ['setpriv', '--reuid=lares', '--regid=lares', '--init-groups', '--inh-caps=-all', '--no-new-privs']
    // Set inside, as the unit would: outside, chroot itself has to be found.
    const environment = ['env', '-i', ...valueOf(unit, 'Environment').split(' ')]
    sidecar = debian.start([...who, ...environment, ...command], {})
    for await (const line of createInterface({ input: sidecar.stdout as NonNullable<typeof sidecar.stdout> }))
      if (line === 'listening') break
    const socket = inside(`${SYSTEM_SIDECARS}/${layer.name}.sock`)
    assert.equal(lstatSync(socket).mode & 0o777, 0o600)
    const link = await openSidecarLink(socket, systemClock)
    assert.deepEqual([link.hello.name, link.hello.model], [layer.name, layer.model])
    link.end()
  })

  test('goes when it is removed and leaves the model; goes whole when it is purged', () => {
    sidecar?.kill('SIGKILL')
    debian.run('dpkg', '--remove', packageNameOf(layer))
    assert.ok(existsSync(inside(model)))
    assert.ok(!existsSync(inside(`usr/lib/udev/rules.d/70-lares-${layer.name}.rules`)))
    debian.run('dpkg', '--purge', packageNameOf(layer))
    for (const path of [modelFolderOf(layer), 'usr/share/lares/accelerators', 'usr/lib/systemd/system/lares.service.d'])
      assert.ok(!existsSync(inside(path)), path)
    for (const place of ['multi-user.target.wants', 'paths.target.wants'])
      assert.deepEqual(debian.run('find', '/etc/systemd', '-path', `*${place}/lares-*`).trim(), '')
  })
})
