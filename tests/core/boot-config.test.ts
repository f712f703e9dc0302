import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BOOT_VARIABLES, readBootConfig } from '../../appliance/src/boot-config.ts'
import type { LaresError } from '../../appliance/src/core/errors.ts'

describe('the boot configuration', () => {
  test('has a default for everything that is needed, and is frozen', () => {
    const config = readBootConfig({}, [])
    assert.deepEqual([config.httpsPort, config.httpPort, config.host, config.name], [8443, 8080, '0.0.0.0', 'lares'])
    assert.ok(config.dataDir.startsWith('/') && config.dataDir.endsWith('/data'))
    assert.throws(() => Object.assign(config, { host: 'x' }), TypeError)
  })

  test('the command line wins over the environment; empty is not set', () => {
    const env = { LARES_HTTPS_PORT: '1', LARES_NAME: '', HOME: '/root' }
    const config = readBootConfig(env, ['--https-port', '2'])
    assert.deepEqual([config.httpsPort, config.name], [2, 'lares'])
    assert.equal(readBootConfig(env, []).httpsPort, 1)
  })

  test('an unknown or misspelt key stops the start and names what is known', () => {
    assert.throws(
      () => readBootConfig({ LARES_HTTPS_PROT: '1' }, []),
      (error: LaresError) => {
        assert.equal(error.code, 'UNKNOWN_SETTING')
        assert.match(error.message, /LARES_HTTPS_PROT.*LARES_HTTPS_PORT/)
        return true
      },
    )
    assert.throws(
      () => readBootConfig({}, ['--dat', 'x']),
      (error: LaresError) => error.code === 'BAD_COMMAND_LINE' && /'--dat'.*--data, --https-port/.test(error.message),
    )
    assert.throws(
      () => readBootConfig({}, ['stray']),
      (error: LaresError) => error.code === 'BAD_COMMAND_LINE',
    )
  })

  test('a wrong value names variable, flag and what is allowed', () => {
    const wrong: [string, string, RegExp][] = [
      ['https-port', '99999', /must be a whole number from 0 to 65535/],
      ['https-port', '-1', /must be a whole number from 0 to 65535/],
      ['https-port', 'x', /must be a whole number/],
      ['https-port', '1.5', /must be a whole number/],
      ['name', 'Lares Box', /letters, digits and dashes only/],
      ['name', '-lares', /letters, digits and dashes only/],
      ['log-level', 'loud', /must be one of trace, debug, info, warn, error, silent/],
    ]
    for (const [flag, value, words] of wrong)
      assert.throws(
        () => readBootConfig({}, [`--${flag}=${value}`]),
        (error: LaresError) => {
          assert.equal(error.kind, 'invalid')
          assert.match(error.message, words)
          assert.ok(error.message.includes(`--${flag}`) && error.message.includes('LARES_'), error.message)
          return true
        },
      )
  })

  test('every variable has words and a flag of its own', () => {
    const all = Object.values(BOOT_VARIABLES)
    assert.equal(new Set(all.map(({ flag }) => flag)).size, all.length)
    for (const { words } of all) assert.match(words, /^[A-Z].*\.$/)
  })
})
