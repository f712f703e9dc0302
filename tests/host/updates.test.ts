import assert from 'node:assert/strict'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { findFeatures } from '../../appliance/src/host/agent/features.ts'
import { bundle, createFakeBox, type FakeBox } from '../fakes/box.ts'

let box: FakeBox
before(async () => void (box = await createFakeBox()))
after(() => box.close())
beforeEach(() => {
  box.start('A')
  box.file('state/calls', '')
})

const put = (name: string, content: Buffer): void => box.file(`var/lib/lares/updates/${name}`, content.toString())

describe('host agent: updates', () => {
  test('are offered where RAUC, two systems and the loader are, and nowhere else', async () => {
    assert.deepEqual((await box.host.about())?.features, ['updates', 'factory-reset', 'power'])
    assert.deepEqual(findFeatures(join(box.root, 'state')), [])
  })

  test('says which system runs, and what is in the other one', async () => {
    const { booted, primary, slots, compatible } = await box.host.call('updates.status', {})
    assert.deepEqual({ booted, primary, compatible }, { booted: 'A', primary: 'A', compatible: 'lares-rpi-arm64' })
    assert.deepEqual(
      slots.map(({ name, booted: runs, version, good }) => ({ name, runs, version, good })),
      [
        { name: 'A', runs: true, version: '0.2.0', good: true },
        { name: 'B', runs: false, version: '0.2.0', good: true },
      ],
    )
  })

  test('takes a bundle from the product’s own folder by its name, and nothing else', async () => {
    put('good.raucb', bundle('0.3.0'))
    assert.deepEqual(await box.host.call('updates.inspect', { file: 'good.raucb' }), {
      ...{ version: '0.3.0', compatible: 'lares-rpi-arm64', description: 'Sees cats at night' },
    })
    symlinkSync('/etc/passwd', join(box.dataDir, 'updates/link.raucb'))
    for (const file of ['../good.raucb', '/etc/passwd', 'good.raucb\n', '-good.raucb', 'x/good.raucb', 'good.txt'])
      await assert.rejects(box.host.call('updates.install', { file }), { kind: 'invalid' }, file)
    for (const file of ['link.raucb', 'nowhere.raucb'])
      await assert.rejects(box.host.call('updates.install', { file }), { code: 'UPDATE_MISSING' }, file)
    assert.ok(!box.calls().some((call) => call.includes('install')))
  })

  test('installs with its progress, and only the switch restarts into it', async () => {
    put('good.raucb', bundle('0.3.0'))
    await assert.rejects(box.host.call('updates.switch', {}), { code: 'UPDATE_NOT_INSTALLED' })
    const heard: number[] = []
    const onProgress = ({ part }: { part: number }): void => void heard.push(part)
    assert.deepEqual(await box.host.call('updates.install', { file: 'good.raucb' }, { onProgress }), { slot: 'B' })
    assert.deepEqual(heard, [0, 0.2, 0.4, 0.9, 1])
    assert.equal(box.has('run/systemd/reboot-param'), false, 'a plain restart would try the new system untold')
    await box.host.call('updates.switch', {})
    assert.equal(box.calls().at(-1), 'systemctl --no-block reboot --reboot-argument=0 tryboot')
  })

  test('says why RAUC refuses', async () => {
    put('foreign.raucb', bundle('0.3.0', { signed: false }))
    await assert.rejects(box.host.call('updates.inspect', { file: 'foreign.raucb' }), { code: 'UPDATE_UNSIGNED' })
    put('large.raucb', bundle('0.3.0', { line: 'NO-SPACE' }))
    await assert.rejects(box.host.call('updates.install', { file: 'large.raucb' }), { code: 'DISK_FULL' })
  })
})

describe('host agent: power', () => {
  test('restarts, and switches off', async () => {
    box.file('run/systemd/reboot-param', '0 tryboot')
    await box.host.call('power.restart', {})
    await box.host.call('power.off', {})
    assert.deepEqual(box.calls(), ['systemctl --no-block reboot', 'systemctl --no-block poweroff'])
    assert.equal(box.has('run/systemd/reboot-param'), false)
  })

  test('a factory reset leaves its flag on the data partition before it restarts', async () => {
    await box.host.call('factory-reset', {})
    assert.equal(readFileSync(join(box.root, 'data/.factory-reset'), 'utf8'), '')
    assert.deepEqual(box.calls(), ['systemctl --no-block reboot'])
  })

  test('says it when systemd refuses', async () => {
    box.file('state/systemctl-fails', '')
    await assert.rejects(box.host.call('power.off', {}), { code: 'PROGRAM_FAILED' })
  })
})
