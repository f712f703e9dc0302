import assert from 'node:assert/strict'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { connect } from 'node:tls'
import { describe, test } from 'node:test'
import { z } from 'zod'
import type { LaresError } from '../../appliance/src/core/errors.ts'
import { createApiDocument, route, type Certificate } from '../../appliance/src/http/index.ts'
import { makeCertificate } from '../fakes/certificate.ts'
import { fakeDoor, fakeServing } from '../fakes/tls-serving.ts'
import { startServer } from './harness.ts'

const name = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
    socket.on('error', reject)
  })

const plain = (
  port: number,
  path: string,
  host = 'lares.local:8080',
): Promise<{ status: number; location: string; text: string }> =>
  new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, headers: { host, connection: 'close' } }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '', text }),
      )
    })
    call.on('error', reject).end()
  })

describe('the two listeners', () => {
  test('SEC-B6 plain HTTP sends everything on to HTTPS under the same name, but for the trust page', async () => {
    const found = await makeCertificate()
    const at = await startServer([], {
      tls: fakeServing(
        fakeDoor(() => found),
        {
          hosts: () => ['lares.local'],
          trustHandler(incoming, response) {
            if (incoming.url !== '/') return false
            response.end('trust me')
            return true
          },
        },
      ),
    })
    try {
      const port = at.server.httpPort()
      const { status, location } = await plain(port, '/incidents/3?x=1')
      assert.deepEqual([status, location], [308, `https://lares.local:${at.port}/incidents/3?x=1`])
      assert.equal((await plain(port, '/api/live', '[::1]')).location, `https://[::1]:${at.port}/api/live`)
      assert.equal((await plain(port, '//evil.example/x')).location, `https://lares.local:${at.port}//evil.example/x`)
      assert.equal((await plain(port, '/')).text, 'trust me')
      assert.equal((await plain(port, '/', 'evil.example')).status, 421)
    } finally {
      await at.stop()
    }
  })

  test('SEC-B4 a new certificate is served without a restart', async () => {
    let current: Certificate = await makeCertificate('first')
    let changed: () => void = () => undefined
    const onChange = (listener: () => void) => {
      changed = listener
      return () => undefined
    }
    const tls = fakeServing(fakeDoor(() => current, { onChange }))
    const at = await startServer([], { tls })
    try {
      assert.equal(await name(at.port), 'first')
      current = await makeCertificate('second')
      changed()
      assert.equal(await name(at.port), 'second')
    } finally {
      await at.stop()
    }
  })

  test('a taken port is one plain sentence that names port, variable and how to find the program', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const words = (key: 'httpsPort' | 'httpPort') =>
      startServer([], { [key]: port }).then(
        async (at) => {
          await at.stop()
          return assert.fail('it started')
        },
        (error: LaresError) => `${error.kind} ${error.code} ${error.message}`,
      )
    try {
      assert.match(
        await words('httpsPort'),
        new RegExp(`^unavailable PORT_TAKEN Port ${port} .*LARES_HTTPS_PORT or --https-port.*ss -ltnp`),
      )
      assert.match(
        await words('httpPort'),
        new RegExp(`^unavailable PORT_TAKEN Port ${port} .*LARES_HTTP_PORT or --http-port`),
      )
    } finally {
      taken.close()
    }
  })

  test('an address that this machine does not have is said so', async () => {
    await assert.rejects(
      startServer([], { host: '203.0.113.77' }),
      (error: LaresError) => error.code === 'ADDRESS_NOT_HERE',
    )
  })

  test('stop lets go of both ports at once, with clients still connected', async () => {
    const at = await startServer([])
    const socket = connect({ host: '127.0.0.1', port: at.port, rejectUnauthorized: false })
    await new Promise((resolve) => socket.once('secureConnect', resolve))
    socket.on('error', () => undefined)
    const startedAt = performance.now()
    await at.stop()
    assert.ok(performance.now() - startedAt < 1_000)
    await assert.rejects(name(at.port))
    await assert.rejects(plain(at.server.httpPort(), '/'))
  })
})

describe('the API document', () => {
  const routes = [
    route({
      method: 'POST',
      path: '/api/plugs/:id/switch',
      summary: 'Switches a plug.',
      needs: 'devices.control',
      limit: 'devices',
      params: z.strictObject({ id: z.uuid() }),
      body: z.strictObject({ on: z.boolean() }).meta({ id: 'SwitchPlug' }),
      reply: z.strictObject({ ok: z.literal(true) }).meta({ id: 'Done' }),
      run: async () => ({ ok: true as const }),
    }),
  ]

  test('is OpenAPI 3.1 with permission, limit, parameters, schemas and errors of every route', () => {
    const document = createApiDocument(routes, '1.2.3') as never as {
      openapi: string
      paths: Record<string, Record<string, Record<string, unknown>>>
      components: { schemas: Record<string, { required?: string[]; additionalProperties?: boolean }> }
    }
    assert.match(document.openapi, /^3\.1\./)
    const operation = document.paths['/api/plugs/{id}/switch']?.post ?? {}
    assert.equal(operation['x-lares-needs'], 'devices.control')
    assert.equal(operation['x-lares-sudo'], false)
    assert.deepEqual(operation['x-lares-limit'], {
      tier: 'devices',
      anonymous: { requests: 10, perSeconds: 60, burst: 0 },
      signedIn: { requests: 240, perSeconds: 60, burst: 60 },
    })
    assert.deepEqual(
      (operation.parameters as { name: string; in: string }[]).map((entry) => [entry.name, entry.in]),
      [['id', 'path']],
    )
    assert.deepEqual(operation.security, [{ session: [] }, { apiKey: [] }])
    assert.deepEqual((operation.responses as Record<string, unknown>)['403'], {
      $ref: '#/components/responses/Forbidden',
    })
    assert.equal(document.components.schemas.SwitchPlug?.additionalProperties, false)
    assert.deepEqual(document.components.schemas.Error?.required?.sort(), [
      'error',
      'error_code',
      'message',
      'timestamp',
    ])
  })

  test('is served to whoever is signed in', async () => {
    const at = await startServer(routes)
    try {
      const reply = await at.ask('/api/openapi.json', { as: 'otto' })
      assert.deepEqual(Object.keys(reply.json().paths as object), ['/api/openapi.json', '/api/plugs/{id}/switch'])
      assert.equal((await at.ask('/api/openapi.json')).status, 401)
    } finally {
      await at.stop()
    }
  })
})
