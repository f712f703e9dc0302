import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { freeDiskBytes, loadMasterKey, prepareDataFolder } from '../../appliance/src/core/data-folder.ts'
import type { LaresError } from '../../appliance/src/core/errors.ts'

const isRoot = process.getuid?.() === 0

describe('the data folder', () => {
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'lares-data-'))
  })
  after(() => rm(root, { recursive: true, force: true }))
  const code = (wanted: string) => (error: LaresError) => {
    assert.equal(error.code, wanted)
    assert.ok(error.message.endsWith('.') && error.message.includes(root))
    return true
  }

  test('SEC-D2 is made for its owner alone', async () => {
    const folder = join(root, 'deep', 'data')
    await prepareDataFolder(folder)
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    await prepareDataFolder(folder)
    assert.ok((await freeDiskBytes(folder)) > 0)
  })

  test('a file in its place, or a folder that cannot be written, is one plain sentence', async () => {
    await writeFile(join(root, 'file'), '')
    await assert.rejects(prepareDataFolder(join(root, 'file')), code('DATA_NOT_A_FOLDER'))
    await assert.rejects(prepareDataFolder(join(root, 'file', 'below')), code('DATA_NOT_A_FOLDER'))
  })

  test('a folder without the right to write', { skip: isRoot && 'skipped: root may write everywhere' }, async () => {
    const folder = join(root, 'read-only')
    await mkdir(folder)
    await chmod(folder, 0o500)
    await assert.rejects(prepareDataFolder(folder), code('DATA_NOT_WRITABLE'))
  })
})

describe('the master key', () => {
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'lares-key-'))
  })
  after(() => rm(root, { recursive: true, force: true }))

  test('SEC-D2 is made once, mode 600, and is the same ever after', async () => {
    const [file, database] = [join(root, 'secret.key'), join(root, 'lares.db')]
    const key = await loadMasterKey(file, database)
    assert.equal(key.length, 32)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    await writeFile(database, 'x')
    assert.ok((await loadMasterKey(file, database)).equals(key))
    assert.ok(!(await readFile(file, 'utf8')).includes(key.toString('hex')))
  })

  test('a missing key beside a database is never replaced by a new one', async () => {
    const [file, database] = [join(root, 'lost.key'), join(root, 'lares.db')]
    await writeFile(database, 'x')
    await assert.rejects(
      loadMasterKey(file, database),
      (error: LaresError) => error.code === 'KEY_MISSING' && error.message.includes(file),
    )
    await assert.rejects(stat(file))
  })

  test('a damaged key is never replaced either', async () => {
    const file = join(root, 'damaged.key')
    await writeFile(file, 'half a ke')
    await assert.rejects(
      loadMasterKey(file, join(root, 'lares.db')),
      (error: LaresError) => error.code === 'KEY_DAMAGED',
    )
    assert.equal(await readFile(file, 'utf8'), 'half a ke')
  })
})
