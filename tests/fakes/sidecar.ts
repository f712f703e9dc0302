import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SidecarBehaviour =
  'good' | 'silent' | 'no-pong' | 'fails' | 'huge' | 'nonsense' | 'nan' | 'out-of-range' | 'ends' | 'unknown-kind'

export interface FakeSidecar {
  folder: string
  set(behaviour: SidecarBehaviour): void
  looks: { width: number; height: number; pixels: Buffer }[]
  close(): Promise<void>
}

export const HELLO = {
  protocol: 'lares-sidecar',
  version: 1,
  name: 'fake',
  model: 'fake-model',
  input: { layout: 'rgb24', width: 64, height: 64, place: 'centre', padding: 114 },
  classes: ['unicorn', 'person'],
}

/** A sidecar called `own` that sees one person, or misbehaves as asked. Sends in small pieces, as sockets may. */
export async function startFakeSidecar(hello: unknown = HELLO): Promise<FakeSidecar> {
  const folder = mkdtempSync(join(tmpdir(), 'lares-sidecar-'))
  let behaviour: SidecarBehaviour = 'good'
  const looks: FakeSidecar['looks'] = []
  const sockets = new Set<Socket>()

  function send(to: Socket, kind: number, body: string): void {
    const header = Buffer.alloc(5)
    header.writeUInt32BE(Buffer.byteLength(body))
    header.writeUInt8(kind, 4)
    const all = Buffer.concat([header, Buffer.from(body)])
    for (let at = 0; at < all.length; at += 50) to.write(all.subarray(at, at + 50))
  }

  function look(to: Socket, body: Buffer): void {
    const id = body.readUInt32BE()
    looks.push({ width: body.readUInt16BE(4), height: body.readUInt16BE(6), pixels: body.subarray(8) })
    const box = [1, 0.9, 0.25, 0.4, 0.75, 0.6]
    const seen = (boxes: unknown): void => send(to, 3, JSON.stringify({ id, ms: 5, boxes }))
    if (behaviour === 'silent') return
    if (behaviour === 'fails') return send(to, 4, JSON.stringify({ id, reason: 'The chip is too hot.' }))
    if (behaviour === 'huge') return void to.write(Buffer.from([0x7f, 0, 0, 0, 3]))
    if (behaviour === 'nonsense') return send(to, 3, 'these are no boxes')
    if (behaviour === 'nan') return send(to, 3, `{"id":${id},"ms":5,"boxes":[[1,NaN,0,0,1,1]]}`)
    if (behaviour === 'unknown-kind') return send(to, 99, '')
    if (behaviour === 'ends') return void to.destroy()
    seen(behaviour === 'out-of-range' ? [[1, 0.9, -900, 0, 900, 1]] : [box, [0, 0.9, 0, 0, 1, 1], [7, 0.9, 0, 0, 1, 1]])
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    let rest = Buffer.alloc(0)
    socket.on('error', () => socket.destroy())
    socket.on('data', (piece) => {
      rest = Buffer.concat([rest, piece])
      while (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE()) {
        const [length, kind] = [rest.readUInt32BE(), rest.readUInt8(4)]
        const body = rest.subarray(5, 5 + length)
        rest = rest.subarray(5 + length)
        if (kind === 1) send(socket, 1, typeof hello === 'string' ? hello : JSON.stringify(hello))
        else if (kind === 2) look(socket, body)
        else if (kind === 5 && behaviour !== 'no-pong') send(socket, 6, '')
      }
    })
  })
  const oldMask = process.umask(0o077)
  await new Promise<void>((resolve) => server.listen(join(folder, 'own.sock'), resolve))
  process.umask(oldMask)
  return {
    folder,
    set: (next) => void (behaviour = next),
    looks,
    async close() {
      for (const each of sockets) each.destroy()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
