import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { createLog } from '../../appliance/src/core/log.ts'
import { createHandlers } from '../../appliance/src/host/agent/handlers.ts'
import { createAgentServer } from '../../appliance/src/host/agent/serve.ts'
import { createHost } from '../../appliance/src/host/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-host-'))
const root = join(folder, 'root')
const socketPath = join(folder, 'host.sock')
const ground = { clock: systemClock, log: createLog({ level: 'silent' }), root, features: ['wifi'] as const }
const server = createAgentServer({
  ...ground,
  handlers: createHandlers(ground),
  idleMs: 60_000,
  onIdle: () => undefined,
})
const host = createHost({ clock: systemClock, socketPath })

/** What the agent says to one raw line. */
function say(line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(socketPath, () => socket.end(line))
    socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk))
    socket.once('error', reject).once('close', () => resolve(heard))
  })
}

before(() => new Promise<void>((resolve) => server.listen(socketPath, resolve)))
after(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

describe('host agent', () => {
  test('says that it stands on a package where there is no image', async () => {
    assert.deepEqual(await host.about(), {
      kind: 'package',
      imageVersion: null,
      slot: null,
      inMemoryOnly: false,
      features: ['wifi'],
    })
    assert.equal(await host.can('wifi'), true)
    assert.equal(await host.can('updates'), false)
  })

  test('knows its image and the slot that runs', async () => {
    for (const at of ['usr/share/lares', 'run']) mkdirSync(join(root, at), { recursive: true })
    writeFileSync(join(root, 'usr/share/lares/image-version'), '0.2.0\n')
    writeFileSync(join(root, 'run/lares-slot'), 'B\n')
    const { kind, imageVersion, slot } = (await host.about())!
    assert.deepEqual({ kind, imageVersion, slot }, { kind: 'image', imageVersion: '0.2.0', slot: 'B' })
  })

  test('says when the card keeps nothing', async () => {
    writeFileSync(join(root, 'run/lares-degraded'), 'degraded\n')
    assert.equal((await host.about())?.inMemoryOnly, true)
    rmSync(join(root, 'run/lares-degraded'))
    assert.equal((await host.about())?.inMemoryOnly, false)
  })

  test('refuses what is not in the protocol, and goes on answering', async () => {
    assert.match(await say('{"command":"sh","params":{}}\n'), /HOST_COMMAND_UNKNOWN/)
    assert.match(await say('{"command":"__proto__","params":{}}\n'), /HOST_COMMAND_UNKNOWN/)
    assert.match(await say('{"command":"about","params":{"x":1}}\n'), /VALIDATION_FAILED/)
    assert.match(await say('not json\n'), /VALIDATION_FAILED/)
    assert.match(await say('[]\n'), /VALIDATION_FAILED/)
    assert.match(await say('x'.repeat(200_000)), /TOO_LARGE/)
    assert.notEqual(await host.about(), null)
  })

  test('is not there in a container or under npm start, and that is said', async () => {
    const nobody = createHost({ clock: systemClock, socketPath: join(folder, 'nobody.sock') })
    assert.equal(await nobody.about(), null)
    await assert.rejects(nobody.call('about', {}), { code: 'HOST_AGENT_MISSING', kind: 'unsupported' })
  })
})
