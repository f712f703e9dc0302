import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { startFtpBox, Talk, type FtpBox } from './ftp-box.ts'

let box: FtpBox
const talks: Talk[] = []
before(async () => void (box = await startFtpBox()))
after(() => box.remove())
afterEach(() => talks.splice(0).forEach((talk) => talk.end()))

function talk(): Talk {
  const made = new Talk(box.server.port)
  talks.push(made)
  return made
}

async function signedIn(): Promise<Talk> {
  const made = talk()
  await made.signIn()
  return made
}

async function store(client: Talk, command: string, content: Uint8Array): Promise<string> {
  const port = await client.passivePort()
  const data = connect(port, '127.0.0.1')
  const first = await client.ask(command)
  if (!first.startsWith('150')) {
    data.destroy()
    return first
  }
  data.end(content)
  return client.reply()
}

describe('the FTP server', () => {
  it('takes a file in whole: nothing is seen of it before', async () => {
    const client = await signedIn()
    const data = connect(await client.passivePort(), '127.0.0.1')
    assert.match(await client.ask('STOR a.jpg'), /^150/)
    data.write(Buffer.alloc(5_000, 1))
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.deepEqual(
      (await readdir(box.home)).filter((name) => !name.startsWith('.')),
      [],
    )
    data.end(Buffer.alloc(5_000, 2))
    assert.match(await client.reply(), /^226 Received: 10000 bytes/)
    assert.equal((await readFile(join(box.home, 'a.jpg'))).length, 10_000)
    assert.deepEqual(box.stored, [join(box.home, 'a.jpg')])
  })

  it('does what cameras do: folders by date, a temporary name, a test file taken back', async () => {
    const client = await signedIn()
    for (const name of ['2026', '2026/11', '2026/11']) assert.match(await client.ask(`MKD ${name}`), /^257/)
    assert.match(await client.ask('CWD /2026/11'), /^250/)
    assert.match(await store(client, 'STOR x.tmp', Buffer.alloc(100)), /^226/)
    assert.match(await client.ask('RNFR x.tmp'), /^350/)
    assert.match(await client.ask('RNTO x.jpg'), /^250/)
    assert.match(await client.ask('SIZE x.jpg'), /^213 100/)
    assert.match(await client.ask('DELE x.jpg'), /^250/)
    assert.match(await client.ask('PWD'), /^257 "\/2026\/11"/)
    assert.match(await store(client, 'APPE log.jpg', Buffer.alloc(10)), /^226/)
    assert.match(await store(client, 'APPE log.jpg', Buffer.alloc(10)), /^226/)
    assert.match(await client.ask('SIZE log.jpg'), /^213 20/)
    assert.match(await store(client, 'STOU', Buffer.alloc(10)), /^226/)
  })

  it('gives nothing out and deletes nothing that came earlier', async () => {
    await writeFile(join(box.home, 'evidence.jpg'), 'x')
    const client = await signedIn()
    assert.match(await client.ask('RETR evidence.jpg'), /^550/)
    assert.match(await client.ask('DELE evidence.jpg'), /^550/)
    assert.match(await client.ask('RMD /'), /^550/)
    assert.match(await client.ask('RNFR other.jpg'), /^550/)
    assert.match(await client.ask('SITE CHMOD 777 evidence.jpg'), /^502/)
    assert.match(await store(client, 'STOR other.jpg', Buffer.alloc(3)), /^226/)
    await client.ask('RNFR other.jpg')
    assert.match(await client.ask('RNTO evidence.jpg'), /^550/)
    assert.equal(await readFile(join(box.home, 'evidence.jpg'), 'utf8'), 'x')
  })

  it('touches nothing outside of the home', async () => {
    await writeFile(join(box.root, 'outside.jpg'), 'outside')
    await mkdir(join(box.root, 'garage'), { recursive: true })
    await symlink(box.root, join(box.home, 'up'))
    await symlink(join(box.root, 'outside.jpg'), join(box.home, 'link.jpg'))
    const client = await signedIn()
    const before = await stat(join(box.root, 'outside.jpg'))
    for (const said of [
      'STOR up/outside.jpg',
      'STOR link.jpg',
      'APPE link.jpg',
      'STOR .x',
      'STOR a\\b',
      'STOR up/garage/x.jpg',
    ])
      assert.match(await store(client, said, Buffer.from('changed')), /^550/, said)
    assert.match(await client.ask('CWD up'), /^550/)
    assert.match(await client.ask('MKD up/new'), /^550/)
    assert.match(await client.ask('RNFR link.jpg'), /^550/)
    assert.match(await store(client, 'STOR ../../outside.jpg', Buffer.from('inside')), /^226/)
    assert.equal(await readFile(join(box.root, 'outside.jpg'), 'utf8'), 'outside')
    assert.equal((await stat(join(box.root, 'outside.jpg'))).mtimeMs, before.mtimeMs)
    assert.deepEqual((await readdir(box.root)).sort(), ['front_door', 'garage', 'outside.jpg'])
    assert.deepEqual(await readdir(join(box.root, 'garage')), [])
  })
})

describe('the FTP server and whoever means ill', () => {
  it('cannot be turned against others, and its data connections cannot be stolen', async () => {
    const client = await signedIn()
    assert.match(await client.ask('PORT 127,0,0,1,4,1'), /^502/)
    assert.match(await client.ask('EPRT |1|127.0.0.1|1025|'), /^502/)
    const thief = connect({ port: await client.passivePort(), host: '127.0.0.1', localAddress: '127.0.0.9' })
    thief.on('error', () => undefined)
    await new Promise((resolve) => thief.once('close', resolve))
  })

  it('asks for the password, again and again only three times', async () => {
    const client = talk()
    await client.reply()
    assert.match(await client.ask('STOR a.jpg'), /^530/)
    assert.match(await client.ask('PASS x'), /^503/)
    for (let tries = 0; tries < 3; tries++) {
      await client.ask('USER front_door')
      assert.match(await client.ask('PASS wrong'), /^530/)
    }
    assert.equal(await client.reply(), 'closed')
  })

  it('keeps to its limits: size, quota, connections, a full disk', async () => {
    const client = await signedIn()
    assert.match(await store(client, 'STOR big.jpg', Buffer.alloc(1_000_001)), /^552 The file is too large/)
    assert.match(await store(client, 'STOR ok1.jpg', Buffer.alloc(1_000_000)), /^226/)
    assert.match(await store(client, 'STOR ok2.jpg', Buffer.alloc(1_000_000)), /^226/)
    assert.match(await store(client, 'STOR over.jpg', Buffer.alloc(999_999)), /^552 The folder of this camera is full/)
    assert.match(await store(client, 'STOR ok1.jpg', Buffer.alloc(10)), /^226/)
    box.disk.low = true
    assert.match(await store(client, 'STOR late.jpg', Buffer.alloc(10)), /^452/)
    box.disk.low = false
    assert.ok(
      !(await readdir(box.home)).some((name) => name.startsWith('.part') || name === 'big.jpg' || name === 'over.jpg'),
    )
    const others = Array.from({ length: 12 }, () => talk())
    const greetings = await Promise.all(others.map((other) => other.reply()))
    assert.equal(greetings.filter((text) => text.startsWith('421')).length, 12 - 7)
  })

  it('does not believe after TLS what was said before it', async () => {
    const client = talk()
    await client.reply()
    client.socket.write('AUTH TLS\r\nUSER front_door\r\nPASS guess\r\n')
    assert.match(await client.reply(), /^234/)
    const more = await Promise.race([
      client.reply(),
      new Promise<string>((resolve) => setTimeout(() => resolve('nothing'), 200)),
    ])
    assert.ok(more === 'nothing' || more === 'closed', more)
  })

  it('lives through anything that is thrown at it', async () => {
    for (let round = 0; round < 5; round++) {
      const wild = talk()
      wild.socket.write(Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at * 7 + round * 31) % 256)))
      await new Promise((resolve) => setTimeout(resolve, 20))
      wild.end()
    }
    const flood = talk()
    flood.socket.write('NOOP\r\n'.repeat(500))
    while ((await flood.reply()) !== 'closed');
    assert.match(await (await signedIn()).ask('NOOP'), /^200/)
  })
})

describe('the FTP server that wants TLS', () => {
  it('takes no password in the clear', async () => {
    const strict = await startFtpBox({ requireTls: true })
    try {
      const client = new Talk(strict.server.port)
      await client.reply()
      assert.match(await client.ask('USER front_door'), /^530 Only with TLS/)
      client.end()
    } finally {
      await strict.remove()
    }
  })
})
