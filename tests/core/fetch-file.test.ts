import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { systemClock } from '../../appliance/src/core/clock.ts'
import { LaresError } from '../../appliance/src/core/errors.ts'
import { checkAddress, fetchFile, type Fetching } from '../../appliance/src/core/fetch-file.ts'
import { makeCertificate } from '../fakes/certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'lares-fetch-'))
const { certPem, keyPem } = await makeCertificate()
const BODY = Buffer.alloc(300_000, 'model')
let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined
const server = createServer({ cert: certPem, key: keyPem }, (request, response) => handle(request, response))
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const base = `https://localhost:${(server.address() as AddressInfo).port}`
const agent = new Agent({ ca: certPem, keepAlive: false })
const target = join(folder, 'file')
after(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  rmSync(target, { force: true })
  rmSync(`${target}.etag`, { force: true })
})

function fetching(change: Partial<Fetching> = {}): Promise<void> {
  const hasty = { ...systemClock, after: (_: number, run: () => void) => systemClock.after(1, run) }
  return fetchFile({
    url: `${base}/model.onnx`,
    target,
    maxBytes: 1_000_000,
    clock: hasty,
    agent,
    isAllowed: () => true,
    ...change,
  })
}

const refusal = (code: string) => (error: unknown) => error instanceof LaresError && error.code === code

test('a file is fetched whole, by way of a redirect, and its progress is told', async () => {
  handle = ({ url }, response) => {
    if (url === '/model.onnx') return void response.writeHead(302, { location: '/real' }).end()
    response.writeHead(200, { 'content-length': BODY.length }).end(BODY)
  }
  let last: [number, number | null] = [0, null]
  await fetching({ onProgress: (received, total) => void (last = [received, total]) })
  assert.deepEqual(readFileSync(target), BODY)
  assert.deepEqual(last, [BODY.length, BODY.length])
})

test('a broken line is taken up where it broke', async () => {
  const ranges: unknown[] = []
  handle = ({ headers }, response) => {
    ranges.push(headers.range)
    const start = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0)
    assert.equal(headers['if-range'], start > 0 ? '"v1"' : undefined)
    const range = { 'content-range': `bytes ${start}-${BODY.length - 1}/${BODY.length}` }
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': BODY.length - start, etag: '"v1"', ...range })
    if (start > 0) return void response.end(BODY.subarray(start))
    response.write(BODY.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50))
  }
  await fetching()
  assert.deepEqual(readFileSync(target), BODY)
  assert.equal(ranges.length, 2)
  assert.match(String(ranges[1]), /^bytes=[1-9]\d*-$/)
  assert.equal(existsSync(`${target}.etag`), false)
})

test('another version on the server begins anew', async () => {
  writeFileSync(target, 'old start')
  writeFileSync(`${target}.etag`, '"v0"')
  handle = (_, response) => response.writeHead(200, { 'content-length': BODY.length }).end(BODY)
  await fetching()
  assert.deepEqual(readFileSync(target), BODY)
})

test('too large, announced or not; a refusal; a server that fails again and again', async () => {
  handle = (_, response) => response.writeHead(200, { 'content-length': BODY.length }).end(BODY)
  await assert.rejects(
    fetching({ maxBytes: 1_000 }),
    (error) => error instanceof LaresError && error.kind === 'too-large',
  )
  handle = (_, response) => void response.writeHead(200).write(BODY)
  await assert.rejects(
    fetching({ maxBytes: 1_000 }),
    (error) => error instanceof LaresError && error.kind === 'too-large',
  )
  handle = (_, response) => response.writeHead(404).end()
  await assert.rejects(fetching(), refusal('FETCH_REFUSED'))
  let asked = 0
  handle = (_, response) => (asked++, response.writeHead(503).end())
  await assert.rejects(fetching(), refusal('FETCH_FAILED'))
  assert.equal(asked, 4)
  handle = ({ url }, response) => response.writeHead(302, { location: `${url}x` }).end()
  await assert.rejects(fetching(), refusal('FETCH_REFUSED'))
})

test('nobody reaches into the home: not by address, by name, by redirect or without https (SEC-C8)', async () => {
  for (const url of [
    'http://example.org/x',
    'https://192.168.1.1/x',
    'https://[::1]/x',
    'https://127.0.0.1/x',
    'https://user:pw@example.org/x',
    'nonsense',
    'file:///etc/passwd',
    'https://169.254.169.254/latest',
  ]) {
    assert.throws(() => checkAddress(url, {}), refusal('ADDRESS_REFUSED'), url)
  }
  let asked = 0
  handle = (_, response) => (asked++, response.writeHead(200).end('x'))
  // The name is allowed as such; where it leads is not.
  await assert.rejects(
    fetchFile({ url: `${base}/x`, target, maxBytes: 10, clock: systemClock, agent }),
    refusal('ADDRESS_REFUSED'),
  )
  assert.equal(asked, 0)
  handle = (_, response) => (asked++, response.writeHead(302, { location: 'https://10.0.0.1/inside' }).end())
  const onlyLocalhost = (address: string): boolean => address === '127.0.0.1' || address === '::1'
  await assert.rejects(fetching({ isAllowed: onlyLocalhost }), refusal('ADDRESS_REFUSED'))
  handle = (_, response) => (asked++, response.writeHead(302, { location: 'http://example.org/' }).end())
  await assert.rejects(fetching(), refusal('ADDRESS_REFUSED'))
})

test('it can be stopped', async () => {
  const stop = new AbortController()
  handle = (_, response) => {
    response.writeHead(200).write(BODY)
    setTimeout(() => stop.abort(), 20)
  }
  await assert.rejects(fetching({ signal: stop.signal }))
})
