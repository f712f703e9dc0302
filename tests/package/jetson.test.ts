import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { buildJetson } from '../../firmware-image/jetson/build.ts'
import { MARKER } from '../../firmware-image/jetson/checks.ts'
import { readMounts, type Host } from '../../firmware-image/jetson/host.ts'
import { readOptions, readSettings, type JetsonOptions } from '../../firmware-image/jetson/options.ts'
import {
  branchOf,
  isSameRelease,
  readBspVersion,
  readFileNameRelease,
  readTegraRelease,
} from '../../firmware-image/jetson/releases.ts'
import { JetsonStop } from '../../firmware-image/jetson/stop.ts'

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function write(root: string, files: Record<string, string>, mode = 0o644): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { mode })
  }
}

interface StandIn {
  readonly l4t: string
  readonly options: JetsonOptions
  readonly host: Host
  /** What NVIDIA's tools, chroot, mount and umount were called with, in order. */
  calls(): string[]
  said: string[]
  /** The host, with something else in it. */
  build(options?: Partial<JetsonOptions>, host?: Partial<Host>): void
}

/** NVIDIA's folder with scripts that write down how they were called, a root file system as a tarball, and a package. */
function standIn({ release = '36.4.3', ubuntu = '22.04', shadow = 'root:*:1::::::\n' } = {}): StandIn {
  const base = mkdtempSync(join(tmpdir(), 'lares-jetson-'))
  folders.push(base)
  const l4t = join(base, 'Linux_for_Tegra')
  const log = join(base, 'calls')
  const [major = '', ...rest] = release.split('.')
  const note = (name: string, more = ''): string => `#!/bin/sh\necho "${name} $*" >> ${log}\n${more}`
  write(l4t, {
    'nv_tegra/bsp_version': `BSP_BRANCH=${major}\nBSP_MAJOR=${rest[0]}\nBSP_MINOR=${rest[1] ?? 0}\n`,
    'rootfs/README.txt': 'NVIDIA’s note',
    'jetson-orin-nano-devkit-super.conf': '',
    'bootloader/x': '',
    'kernel/x': '',
  })
  const applied = `echo '# R${major} (release), REVISION: ${rest.join('.')}, GCID: 1' > rootfs/etc/nv_tegra_release\n`
  const scripts = {
    'apply_binaries.sh': note('apply_binaries.sh', applied),
    'flash.sh': note('flash.sh'),
    'tools/jetson-disk-image-creator.sh': note('jetson-disk-image-creator.sh', 'touch "$2"\n'),
    'tools/l4t_create_default_user.sh': note('l4t_create_default_user.sh'),
    'tools/kernel_flash/l4t_initrd_flash.sh': note('l4t_initrd_flash.sh'),
    'l4t_initrd_flash.sh': note('l4t_initrd_flash.sh'),
  }
  write(l4t, scripts, 0o755)
  const tree = join(base, 'ubuntu')
  write(tree, {
    'etc/os-release': `NAME="Ubuntu"\nVERSION_ID="${ubuntu}"\n`,
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
    'etc/shadow': shadow,
    'usr/bin/dpkg': '',
    'usr/sbin/.keep': '',
    'var/lib/dpkg/status': 'Package: base-files\nStatus: install ok installed\n',
    'var/cache/apt/x': '',
  })
  symlinkSync('../run/systemd/resolve/stub-resolv.conf', join(tree, 'etc/resolv.conf'))
  const rootfs = join(base, `Tegra_Linux_Sample-Root-Filesystem_R${release}_aarch64.tbz2`)
  execFileSync('tar', ['--create', '--bzip2', '--file', rootfs, '--directory', tree, '.'])
  const deb = packStandIn(base, 'lares', 'arm64')
  const said: string[] = []
  const host = standInHost(l4t, log)
  const options = readOptions(['--l4t', l4t, '--rootfs', rootfs, '--deb', deb, '--out', join(base, 'out')])
  return {
    ...{ l4t, options, host, said },
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
    build: (more = {}, other = {}) =>
      buildJetson({ ...host, ...other }, { ...options, ...more }, (words) => void said.push(words)),
  }
}

function packStandIn(base: string, name: string, architecture: string): string {
  const root = mkdtempSync(join(base, 'deb-'))
  const control = `Package: ${name}\nVersion: 1.0.0\nArchitecture: ${architecture}\nMaintainer: n <n@localhost>\nDescription: x\n`
  write(root, { 'DEBIAN/control': control })
  chmodSync(root, 0o755)
  const file = join(base, `${name}_1.0.0_${architecture}.deb`)
  execFileSync('dpkg-deb', ['--root-owner-group', '--build', root, file], { stdio: 'ignore' })
  return file
}

/** Everything is real but what needs root: chroot, mount and umount are written down, and apt does what apt would leave. */
function standInHost(l4t: string, log: string): Host {
  const note = (words: string): void => writeFileSync(log, `${words}\n`, { flag: 'a' })
  const rootfs = join(l4t, 'rootfs')
  return {
    ...{ isRoot: true, processor: 'x64', runsArm64: true, has: () => true, mounts: () => [] },
    ask: (program, args) => execFileSync(program, args, { encoding: 'utf8' }),
    run(program, args, cwd) {
      const isGuest = ['chroot', 'mount', 'umount'].includes(program)
      if (!isGuest) return void execFileSync(program, args, { cwd, stdio: 'ignore' })
      note([program, ...args].join(' ').replaceAll(rootfs, 'ROOT'))
      if (args.includes('install')) {
        const entry = '\nPackage: lares\nStatus: install ok installed\n'
        writeFileSync(join(rootfs, 'var/lib/dpkg/status'), entry, { flag: 'a' })
        assert.ok(existsSync(join(rootfs, 'usr/sbin/policy-rc.d')), 'nothing may be started while it is installed')
        assert.ok(lstatSync(join(rootfs, 'etc/resolv.conf')).isFile(), 'names are found while it is installed')
      }
      if (args.includes('enable')) {
        const wants = join(rootfs, 'etc/systemd/system/multi-user.target.wants')
        mkdirSync(wants, { recursive: true })
        symlinkSync('/usr/lib/systemd/system/lares.service', join(wants, 'lares.service'))
      }
    },
  }
}

const stops = (work: () => void, words: RegExp): void =>
  assert.throws(work, (error) => error instanceof JetsonStop && (assert.match(error.message, words), true))

describe('Jetson: the way through', () => {
  test('JetPack 6 to a card: unpacked, NVIDIA’s binaries, the package, settings, NVIDIA’s image tool, in this order', () => {
    const stand = standIn()
    const settings = join(stand.l4t, '../lares.conf')
    writeFileSync(settings, '# mine\nLARES_NAME=den\n')
    stand.build({ medium: 'sd', settings, hostname: 'den' })
    const image = join(stand.options.out, 'lares-jetson-orin-nano-devkit-super-R36.4.3-sd.img')
    assert.deepEqual(stand.calls(), [
      'apply_binaries.sh ',
      'mount -t proc proc ROOT/proc',
      'mount -t sysfs -o ro sysfs ROOT/sys',
      'mount --bind /dev ROOT/dev',
      'mount --bind /dev/pts ROOT/dev/pts',
      'chroot ROOT apt-get update -q',
      'chroot ROOT apt-get install -y -q --no-install-recommends avahi-daemon cloud-guest-utils /var/cache/lares-install/lares_1.0.0_arm64.deb',
      'chroot ROOT systemctl enable lares.service avahi-daemon.service',
      'chroot ROOT apt-get clean',
      ...['dev/pts', 'dev', 'sys', 'proc'].map((path) => `umount ROOT/${path}`),
      `jetson-disk-image-creator.sh -o ${image} -b jetson-orin-nano-devkit-super -d SD`,
    ])
    assert.ok(existsSync(image))
    const rootfs = join(stand.l4t, 'rootfs')
    assert.match(readFileSync(join(rootfs, 'etc/lares/lares.conf'), 'utf8'), /^LARES_NAME=den$/m)
    assert.equal(readFileSync(join(rootfs, 'etc/hostname'), 'utf8'), 'den\n')
    assert.ok(lstatSync(join(rootfs, 'etc/resolv.conf')).isSymbolicLink(), 'what was lent is taken back')
    for (const gone of ['usr/sbin/policy-rc.d', 'var/cache/lares-install', 'README.txt'])
      assert.ok(!existsSync(join(rootfs, gone)), gone)
    assert.ok(!existsSync(join(stand.l4t, MARKER)))
    assert.ok(!existsSync(join(rootfs, 'etc/systemd/system/lares-grow-root.service')), 'R36 grows by itself')
    assert.ok(!stand.calls().some((call) => call.includes('default_user')), 'nobody is made who was not asked for')
  })

  test('JetPack 7.2 to a card gets what enlarges the root at its first boot', () => {
    const stand = standIn({ release: '39.2.1', ubuntu: '24.04' })
    stand.build({ medium: 'sd' })
    const units = join(stand.l4t, 'rootfs/etc/systemd/system')
    assert.match(readFileSync(join(units, 'lares-grow-root.service'), 'utf8'), /growpart/)
    assert.ok(existsSync(join(units, 'multi-user.target.wants/lares-grow-root.service')))
  })

  test('to an NVMe disk: each release’s own command, shown first and run only when asked', () => {
    const six = standIn()
    six.build({ medium: 'nvme' })
    assert.match(six.said.at(-1) ?? '', /recovery mode.*kernel_flash\/l4t_initrd_flash\.sh --external-device nvme0n1p1/)
    assert.ok(!six.calls().some((call) => call.startsWith('l4t_initrd_flash.sh')))
    six.build({ medium: 'nvme', flash: true, fresh: true })
    assert.equal(
      six.calls().at(-1),
      'l4t_initrd_flash.sh --external-device nvme0n1p1 -c tools/kernel_flash/flash_l4t_t234_nvme.xml -p -c bootloader/generic/cfg/flash_t234_qspi.xml --showlogs --network usb0 jetson-orin-nano-devkit-super internal',
    )
    const seven = standIn({ release: '39.2.1', ubuntu: '24.04' })
    seven.build({ medium: 'nvme', flash: true })
    assert.equal(seven.calls().at(-1), 'l4t_initrd_flash.sh --erase-all jetson-orin-nano-devkit-super internal')
  })

  test('a user only by name and with a password of the owner’s, made by NVIDIA’s own tool', () => {
    const stand = standIn()
    const passwordFile = join(stand.l4t, '../password')
    writeFileSync(passwordFile, 'correct horse battery\n', { mode: 0o600 })
    stand.build({ user: { name: 'anna', passwordFile } })
    assert.equal(
      stand.calls().at(-1),
      'l4t_create_default_user.sh -u anna -p correct horse battery -n lares --accept-license',
    )
    chmodSync(passwordFile, 0o644)
    stops(() => stand.build({ fresh: true, user: { name: 'anna', passwordFile } }), /Others may read/)
    writeFileSync(passwordFile, 'short\n')
    chmodSync(passwordFile, 0o600)
    stops(() => stand.build({ fresh: true, user: { name: 'anna', passwordFile } }), /12 characters/)
  })
})

describe('Jetson: what is wrong is said before anything is changed', () => {
  const unchanged = (stand: StandIn): void => {
    assert.deepEqual(readdirSync(join(stand.l4t, 'rootfs')), ['README.txt'])
    assert.deepEqual(stand.calls(), [])
    assert.ok(!existsSync(join(stand.l4t, MARKER)))
  }

  test('the PC: not root, another processor, a missing program, no arm64', () => {
    const stand = standIn()
    stops(() => stand.build({}, { isRoot: false }), /sudo/)
    stops(() => stand.build({}, { processor: 'arm64' }), /x86-64 PC/)
    stops(
      () => stand.build({}, { has: (program) => program !== 'qemu-aarch64-static' }),
      /qemu-aarch64-static is not installed/,
    )
    stops(() => stand.build({}, { runsArm64: false }), /binfmt-support/)
    unchanged(stand)
  })

  test('releases: too old, for Thor, unknown, and two that do not belong together', () => {
    stops(() => standIn({ release: '35.6.0' }).build(), /R35\.6\.0 is not built for an Orin Nano here/)
    stops(() => standIn({ release: '38.4.0' }).build(), /R38 is for Jetson Thor/)
    stops(() => standIn({ release: '36.2.0' }).build(), /too old: take R36\.3/)
    const stand = standIn()
    const other = join(stand.l4t, '../Tegra_Linux_Sample-Root-Filesystem_R36.4.4_aarch64.tbz2')
    writeFileSync(other, '')
    stops(() => stand.build({ rootfs: other }), /R36\.4\.4, but Linux_for_Tegra is R36\.4\.3/)
    stops(() => stand.build({ rootfs: `${other}.part` }), /is not there/)
    unchanged(stand)
  })

  test('the folder: missing, half of it, of no release, without the board or the tool', () => {
    const stand = standIn()
    stops(() => stand.build({ l4t: `${stand.l4t}-none` }), /is not there: unpack/)
    stops(() => stand.build({ board: 'jetson-nano' }), /knows no board jetson-nano/)
    rmSync(join(stand.l4t, 'tools/jetson-disk-image-creator.sh'))
    stops(() => stand.build({ medium: 'usb' }), /jetson-disk-image-creator\.sh is missing/)
    writeFileSync(join(stand.l4t, 'nv_tegra/bsp_version'), 'nothing\n')
    stops(() => stand.build(), /does not say its release/)
    rmSync(join(stand.l4t, 'bootloader'), { recursive: true })
    rmSync(join(stand.l4t, 'apply_binaries.sh'))
    stops(() => stand.build(), /no whole Linux_for_Tegra: apply_binaries\.sh, bootloader is missing/)
    unchanged(stand)
  })

  test('packages: another processor, another program, lares itself left out', () => {
    const stand = standIn()
    const base = dirname(stand.l4t)
    stops(
      () => stand.build({ debs: [packStandIn(base, 'lares', 'amd64')] }),
      /is for amd64: npm run package -- --arch arm64/,
    )
    stops(() => stand.build({ debs: [packStandIn(base, 'hello', 'arm64')] }), /package of hello/)
    stops(
      () => stand.build({ debs: [packStandIn(base, 'lares-accelerator-jetson', 'arm64')] }),
      /None of the packages is lares/,
    )
    stops(() => stand.build({ debs: [join(base, 'none.deb')] }), /is not there/)
    unchanged(stand)
  })

  test('settings that the box would refuse stop it before the long part', () => {
    const stand = standIn()
    const settings = join(stand.l4t, '../lares.conf')
    for (const [line, words] of [
      ['LARES_NAME=Den', /LARES_NAME cannot be Den/],
      ['LARES_NAMES=den', /no setting of lares\.conf/],
      ['PATH=/tmp', /no setting/],
      ['LARES_NAME=$(reboot)', /plain values/],
      ['LARES_HTTPS_PORT=70000', /cannot be 70000/],
    ] as const) {
      writeFileSync(settings, `${line}\n`)
      stops(() => stand.build({ settings }), words)
    }
    unchanged(stand)
  })

  test('the tree: something mounted in it, and what somebody else put there', () => {
    const stand = standIn()
    const rootfs = join(stand.l4t, 'rootfs')
    stops(
      () => stand.build({}, { mounts: () => ['/', `${rootfs}/dev`, `${rootfs}/dev/pts`] }),
      /sudo umount \S+\/dev\/pts \S+\/dev$/,
    )
    unchanged(stand)
    writeFileSync(join(rootfs, 'mine'), 'work')
    stops(() => stand.build(), /not empty.*--fresh/)
    assert.equal(readFileSync(join(rootfs, 'mine'), 'utf8'), 'work')
    stand.build({ fresh: true })
    assert.ok(!existsSync(join(rootfs, 'mine')))
  })
})

describe('Jetson: what goes wrong on the way', () => {
  test('a run that was cut off is begun anew without a word, because the half tree is ours', () => {
    const stand = standIn()
    const failing = { run: () => assert.fail('the power went') }
    assert.throws(() => stand.build({}, failing), /the power went/)
    assert.ok(existsSync(join(stand.l4t, MARKER)))
    stand.build()
    assert.ok(!existsSync(join(stand.l4t, MARKER)))
  })

  test('a truncated download, another system in it, or half of one', () => {
    const stand = standIn()
    const whole = readFileSync(stand.options.rootfs)
    writeFileSync(stand.options.rootfs, whole.subarray(0, whole.length / 2))
    assert.throws(() => stand.build())
    stops(() => standIn({ ubuntu: '24.04' }).build(), /holds version 24\.04; R36\.4\.3 needs Ubuntu 22\.04/)
    const half = standIn()
    const empty = mkdtempSync(join(half.l4t, '../empty-'))
    execFileSync('tar', ['--create', '--bzip2', '--file', half.options.rootfs, '--directory', empty, '.'])
    stops(() => half.build(), /no whole Ubuntu: etc\/os-release, usr\/bin\/dpkg/)
  })

  test('NVIDIA’s step that leaves no release, or another one', () => {
    const silent = standIn()
    writeFileSync(join(silent.l4t, 'apply_binaries.sh'), '#!/bin/sh\n')
    stops(() => silent.build(), /does not say a release/)
    const other = standIn()
    const words = "#!/bin/sh\necho '# R36 (release), REVISION: 4.0, GCID: 1' > rootfs/etc/nv_tegra_release\n"
    writeFileSync(join(other.l4t, 'apply_binaries.sh'), words)
    stops(() => other.build(), /made R36\.4\.0 of it instead of R36\.4\.3/)
  })

  test('apt fails: what was lent and mounted is taken back all the same', () => {
    const stand = standIn()
    const run: Host['run'] = (program, args, cwd) => {
      stand.host.run(program, args, cwd)
      if (args.includes('update')) throw new JetsonStop('chroot failed; its words stand above.')
    }
    stops(() => stand.build({}, { run }), /its words stand above/)
    const rootfs = join(stand.l4t, 'rootfs')
    assert.equal(stand.calls().filter((call) => call.startsWith('umount')).length, 4)
    assert.ok(!existsSync(join(rootfs, 'usr/sbin/policy-rc.d')))
    assert.ok(lstatSync(join(rootfs, 'etc/resolv.conf')).isSymbolicLink())
  })

  test('SEC-A1 a root file system with a password in it is refused: nobody may know the way into a fresh box', () => {
    stops(() => standIn({ shadow: 'root:*:1::::::\nnvidia:$6$salt$hash:1::::::\n' }).build(), /a password for nvidia/)
    stops(() => standIn({ shadow: 'root::1::::::\n' }).build(), /a password for root/)
  })
})

describe('Jetson: reading', () => {
  test('the command line: what is missing, unknown or does not go together', () => {
    const needed = ['--l4t', 'a', '--rootfs', 'b', '--deb', 'c']
    assert.deepEqual(readOptions([...needed, '--deb', 'd']).debs, ['c', 'd'])
    for (const [args, words] of [
      [[], /Needed are/],
      [[...needed, '--to', 'floppy'], /--to takes sd, usb, nvme/],
      [[...needed, '--flash'], /goes with --to nvme/],
      [[...needed, '--board', '../x'], /no name of a board/],
      [[...needed, '--hostname', 'My Box'], /small letters/],
      [[...needed, '--user', 'anna'], /go together/],
      [[...needed, '--user', 'root', '--password-file', 'p'], /cannot be the name/],
      [[...needed, '--user', 'anna', '--password-file', 'p'], /licence/],
      [[...needed, '--frsh'], /frsh/],
    ] as const)
      stops(() => void readOptions(args), words)
  })

  test('releases out of NVIDIA’s files and names', () => {
    assert.deepEqual(readBspVersion('BSP_BRANCH=36\nBSP_MAJOR=4\nBSP_MINOR=3\n'), { major: 36, revision: '4.3' })
    assert.deepEqual(readTegraRelease('# R39 (release), REVISION: 2.1, GCID: 46758480, BOARD: generic\n'), {
      major: 39,
      revision: '2.1',
    })
    assert.deepEqual(readFileNameRelease('tegra_linux_sample-root-filesystem_r36.3.0_aarch64.tbz2'), {
      major: 36,
      revision: '3.0',
    })
    assert.equal(readFileNameRelease('ubuntu.tar'), null)
    assert.ok(isSameRelease({ major: 36, revision: '3.0' }, { major: 36, revision: '3' }))
    assert.ok(!isSameRelease({ major: 36, revision: '4' }, { major: 36, revision: '4.3' }))
    assert.equal(branchOf({ major: 39, revision: '2.1' }).jetpack, '7.2')
  })

  test('mounts with blanks in their names, and settings that are fine', () => {
    assert.deepEqual(readMounts('proc /a\\040b/proc proc rw 0 0\n'), ['/a b/proc'])
    assert.equal(readSettings('# x\n\nLARES_HTTPS_PORT=443'), '# x\n\nLARES_HTTPS_PORT=443\n')
  })
})
