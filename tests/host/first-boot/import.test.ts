import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { systemClock } from '../../../appliance/src/core/clock.ts'
import { silentLog } from '../../../appliance/src/core/log.ts'
import { importWishes } from '../../../appliance/src/host/first-boot/import.ts'
import { readReport, sayProblem } from '../../../appliance/src/host/first-boot/index.ts'
import { isWipeDue, wipePassword } from '../../../appliance/src/host/first-boot/wipe.ts'
import { PROFILE_FOLDER } from '../../../appliance/src/host/wifi/index.ts'

const folders: string[] = []
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const FILE =
  'hostname = "kitchen"\ntimezone = "Europe/Berlin"\n[wifi]\nssid = "My home"\npsk = "hunter22"\ncountry = "DE"\n'

/** A folder that stands for a box of ours. */
function makeBox() {
  const root = mkdtempSync(join(tmpdir(), 'lares-first-boot-'))
  folders.push(root)
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  write('usr/share/zoneinfo/Europe/Berlin', 'TZif2')
  write('proc/sys/kernel/hostname', 'lares\n')
  write('etc/lares/lares.conf', '# ours\nLARES_NAME=old\nLARES_LOG_LEVEL=debug\n')
  mkdirSync(join(root, 'bootcfg'))
  const ground = { root, clock: systemClock, log: silentLog() }
  const read = (name: string): string => readFileSync(join(root, name), 'utf8')
  const profiles = (): string[] => {
    const folder = join(root, PROFILE_FOLDER)
    return existsSync(folder) ? readdirSync(folder).map((name) => join(PROFILE_FOLDER, name)) : []
  }
  return { root, write, ground, read, profiles }
}

describe('first boot', () => {
  test('takes over what the card says, and says what it took', async () => {
    const { root, write, ground, read, profiles } = makeBox()
    write('bootcfg/lares.toml', FILE)
    await importWishes(ground)
    const [profile] = profiles()
    assert.match(read(profile!), /psk=hunter22/)
    assert.equal(statSync(join(root, profile!)).mode & 0o777, 0o600)
    assert.equal(read('etc/modprobe.d/lares-wifi-country.conf'), 'options cfg80211 ieee80211_regdom=DE\n')
    assert.equal(read('etc/hostname'), 'kitchen\n')
    assert.equal(read('proc/sys/kernel/hostname'), 'kitchen')
    assert.equal(read('etc/lares/lares.conf'), '# ours\nLARES_LOG_LEVEL=debug\nLARES_NAME=kitchen\n')
    assert.equal(readlinkSync(join(root, 'etc/localtime')), '/usr/share/zoneinfo/Europe/Berlin')
    assert.deepEqual(await readReport(root), {
      ...{ files: ['lares.toml'], taken: ['country', 'Wi-Fi', 'name', 'time zone'], problems: [] },
    })
  })

  test('each version of a file counts once: the app has the last word until it is written anew', async () => {
    const { write, ground, profiles, read } = makeBox()
    write('bootcfg/lares.toml', FILE)
    await importWishes(ground)
    const [first] = profiles()
    assert.deepEqual((await importWishes(ground)).taken, [])
    assert.deepEqual(profiles(), [first])
    write('bootcfg/lares.toml', FILE.replace('hunter22', 'hunter23'))
    await importWishes(ground)
    assert.equal(profiles().length, 1)
    assert.match(read(profiles()[0]!), /psk=hunter23/)
  })

  test('a mistake changes nothing, is said at every start, and holds no secret', async () => {
    const { root, write, ground, profiles, read } = makeBox()
    write('bootcfg/lares.toml', FILE.replace('"DE"', '"hunter22"'))
    for (let start = 0; start < 2; start += 1) {
      const { problems, taken } = await importWishes(ground)
      assert.deepEqual(problems.map(sayProblem), ['lares.toml, line 6: The country is two letters, for example DE.'])
      assert.deepEqual(taken, [])
    }
    assert.deepEqual(profiles(), [])
    assert.match(read('etc/lares/lares.conf'), /LARES_NAME=old/)
    assert.equal(existsSync(join(root, 'etc/hostname')), false)
    assert.doesNotMatch(read('run/lares-first-boot/report.json'), /hunter22/)
  })

  test('lares.toml is believed before what Imager wrote', async () => {
    const { write, ground } = makeBox()
    write('bootcfg/lares.toml', '')
    write('bootcfg/user-data', '#cloud-config\nhostname: attic\n')
    assert.deepEqual((await importWishes(ground)).taken, [])
  })

  test('the password leaves the card once it worked, and the file is not taken for a new one', async () => {
    const { root, write, ground, read, profiles } = makeBox()
    write('bootcfg/lares.toml', FILE)
    assert.equal(await isWipeDue(ground), false)
    await importWishes(ground)
    assert.equal(await isWipeDue(ground), true)
    await wipePassword(ground)
    assert.equal(await isWipeDue(ground), false)
    assert.doesNotMatch(read('bootcfg/lares.toml'), /hunter|My home/)
    assert.equal(statSync(join(root, 'bootcfg/lares.toml')).size, FILE.length)
    assert.deepEqual((await importWishes(ground)).taken, [])
    assert.equal(profiles().length, 1)
  })

  test('it stays when the file asks for that, or is another one by now', async () => {
    const { write, ground, read } = makeBox()
    write('bootcfg/lares.toml', `${FILE}keep_psk = true\n`)
    await importWishes(ground)
    assert.equal(await isWipeDue(ground), false)
    write('bootcfg/lares.toml', FILE)
    await importWishes(ground)
    const newer = FILE.replace('My home', 'New flat')
    write('bootcfg/lares.toml', newer)
    await wipePassword(ground)
    assert.equal(read('bootcfg/lares.toml'), newer)
  })

  test('nothing on the card: nothing happens; a damaged memory does no harm', async () => {
    const { root, write, ground } = makeBox()
    assert.deepEqual(await importWishes(ground), { files: [], taken: [], problems: [] })
    write('data/os/first-boot.json', '{"fi')
    write('bootcfg/lares.toml', FILE)
    assert.equal((await importWishes(ground)).taken.length, 4)
    assert.equal(await readReport(join(root, 'nowhere')), null)
  })
})
