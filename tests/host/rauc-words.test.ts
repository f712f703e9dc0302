import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faultOf, readInfo, readProgress, readStatus } from '../../appliance/src/host/agent/rauc-words.ts'

// Each as RAUC 1.8 printed it on a Debian 12 machine.
describe('what RAUC says', () => {
  test('progress of an installation', () => {
    assert.equal(readProgress('installing'), null)
    assert.deepEqual(readProgress('  0% Determining slot states'), { part: 0, words: 'Preparing' })
    assert.deepEqual(readProgress(' 20% Verifying signature'), { part: 0.2, words: 'Checking the signature' })
    assert.deepEqual(readProgress(' 90% Copying image to rootfs.1'), { part: 0.9, words: 'Writing the new system' })
    assert.deepEqual(readProgress('100% Installing done.'), { part: 1, words: 'Finished' })
  })

  const FAULTS: readonly [string, string][] = [
    [' 40% Verifying signature failed.', ''],
    ['LastError: signature verification failed: error:1700009E:CMS routines::verification failure', 'UPDATE_UNSIGNED'],
    ['signature verification failed: Verify error: self-signed certificate', 'UPDATE_UNSIGNED'],
    [
      "LastError: Installation error: Compatible mismatch: Expected 'lares-rpi-arm64' but bundle manifest has 'other-arm64'",
      'UPDATE_OTHER_BOX',
    ],
    ['Invalid bundle format: Signature size (7908770466639749664) exceeds bundle size', 'UPDATE_DAMAGED'],
    ['LastError: Failed updating slot rootfs.1: No space left on device', 'DISK_FULL'],
    // The box lacks a program: the bundle is not to blame.
    ['Failed to execute child process “unsquashfs” (No such file or directory)', 'UPDATE_FAILED'],
  ]
  for (const [line, code] of FAULTS)
    test(`a refusal: ${line}`, () =>
      assert.equal(faultOf([' 40% Verifying signature done.', line]).code, code || 'UPDATE_FAILED'))

  test('what nobody foresaw keeps RAUC’s own words', () => {
    const fault = faultOf(['LastError: Failed to mount bundle: loop device busy'])
    assert.equal(fault.message, 'The update could not be installed: Failed to mount bundle: loop device busy.')
  })

  test('status and info; what is not JSON is no answer', () => {
    const slot = (bootname: string | null, state: string, version?: string) => ({
      ...{ class: 'rootfs', device: '/dev/x', type: 'raw', bootname, state, parent: null, mountpoint: null },
      ...{ boot_status: 'bad', slot_status: { bundle: { compatible: null, version } } },
    })
    const printed = {
      ...{ compatible: 'lares-rpi-arm64', variant: '', booted: 'A', boot_primary: null },
      slots: [
        { 'rootfs.1': slot('B', 'inactive', '0.3.0') },
        { 'rootfs.0': slot('A', 'booted') },
        { 'boot.0': slot(null, 'active') },
      ],
    }
    const { booted, primary, slots } = readStatus(JSON.stringify(printed))
    assert.deepEqual({ booted, primary }, { booted: 'A', primary: null })
    assert.deepEqual(
      slots.map(({ name, version }) => [name, version]),
      [
        ['A', null],
        ['B', '0.3.0'],
      ],
    )
    assert.throws(() => readStatus('{"compatible":"x"}'), { code: 'BAD_REPLY' })
    assert.throws(() => readInfo('rauc: not found'), { code: 'BAD_REPLY' })
  })
})
