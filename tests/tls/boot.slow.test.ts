import assert from 'node:assert/strict'
import { mkdtempSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readBootConfig } from '../../appliance/src/boot-config.ts'
import type { LaresError } from '../../appliance/src/core/errors.ts'
import { doorOf, makeBox, type Box } from './box.ts'

const refusal = (env: Record<string, string>, ...flags: string[]): string => {
  try {
    readBootConfig(env, flags)
    return 'it starts'
  } catch (error) {
    return (error as LaresError).message
  }
}

describe('SEC-B1 what the environment says about TLS', () => {
  test('is read, with the app deciding where it says nothing', () => {
    assert.deepEqual(
      { ...readBootConfig({}, []).tls },
      { mode: undefined, certPath: undefined, keyPath: undefined, caPath: undefined, certDir: undefined },
    )
    const env = { TLS_MODE: 'provided', TLS_CERT_PATH: '/c', TLS_KEY_PATH: '/k', TLS_CA_PATH: '/a', TLS_CERT_DIR: '/d' }
    assert.deepEqual(
      { ...readBootConfig(env, []).tls },
      { mode: 'provided', certPath: '/c', keyPath: '/k', caPath: '/a', certDir: '/d' },
    )
  })

  test('stops the start with one sentence where it cannot be', () => {
    assert.equal(refusal({ TLS_MODE: 'letsencrypt' }), 'TLS_MODE must be one of self_signed, provided, acme, disabled.')
    assert.match(refusal({ TLS_MODE: 'provided', TLS_CERT_PATH: '/c' }), /needs TLS_CERT_PATH and TLS_KEY_PATH/)
    assert.match(refusal({ TLS_CERT_PATH: '/c', TLS_KEY_PATH: '/k' }), /used with TLS_MODE=provided only/)
  })

  test('no HTTPS on this machine alone, or where somebody says that they know', () => {
    const off = { TLS_MODE: 'disabled' }
    assert.match(refusal(off), /in the clear.*LARES_HOST=127\.0\.0\.1.*ALLOW_INSECURE=true/)
    assert.match(refusal({ ...off, ENVIRONMENT: 'development' }), /in the clear/)
    for (const host of ['127.0.0.1', '::1', 'localhost']) assert.equal(refusal(off, '--host', host), 'it starts')
    assert.equal(refusal({ ...off, ALLOW_INSECURE: 'true' }), 'it starts')
  })
})

describe('SEC-B1 files and folders of the environment', () => {
  let box: Box
  let folder: string
  before(async () => {
    box = await makeBox()
    folder = mkdtempSync(join(tmpdir(), 'lares-boot-'))
  })
  after(() => {
    box.remove()
    rmSync(folder, { recursive: true, force: true })
  })
  const startWith = async (tls: Parameters<Box['boot']>[0]): Promise<string> => {
    const started = box.boot(tls)
    try {
      await started.start()
      return 'it starts'
    } catch (error) {
      return (error as LaresError).message
    } finally {
      await started.stop()
    }
  }

  test('a file of authorities that cannot be used stops the start', async () => {
    const file = join(folder, 'ca.pem')
    assert.match(await startWith({ tls: { caPath: file } }), /TLS_CA_PATH names .*ca\.pem, which cannot be read/)
    writeFileSync(file, 'hello')
    assert.match(await startWith({ tls: { caPath: file } }), /holds no certificate/)
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    assert.match(await startWith({ tls: { caPath: file } }), /something that is not a certificate/)
  })

  test('another folder never leaves the root behind that phones trust', async () => {
    const elsewhere = join(folder, 'elsewhere')
    assert.equal(await startWith({}), 'it starts')
    assert.match(await startWith({ tls: { certDir: elsewhere } }), /the root that your phones trust is .*Move it to/)
    mkdirSync(elsewhere)
    renameSync(box.rootFile, join(elsewhere, 'root.pem'))
    assert.equal(await startWith({ tls: { certDir: elsewhere } }), 'it starts')
    const tls = box.boot({ tls: { certDir: elsewhere } })
    await tls.start()
    assert.match(doorOf(tls).fallback().certPem, /BEGIN CERTIFICATE/)
    await tls.stop()
  })
})
