import type { RemoteReach } from '../api/remote-access.ts'
import type { Clock } from '../core/clock.ts'
import type { SecretBox } from '../core/crypto.ts'
import { LaresError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Database, Trx } from '../db/database.ts'
import type { WireguardSetup, WireguardStatus } from '../host/index.ts'
import { newKeys, newPresharedKey } from './keys.ts'
import { freePeerAddress } from './networks.ts'
import { deletePeer, insertPeer, listPeers, markSeen, type StoredPeer } from './store.ts'

const MOST_PEERS = 50
/** A phone that is connected shakes hands every two minutes: writing each down would wear the card. */
const SEEN_AGAIN_MS = 10 * 60_000

const sealContext = (id: string): string => `remote-peer:${id}`

export interface NewPeer {
  peer: StoredPeer
  privateKey: string
  presharedKey: string
}

export interface Peers {
  load(): Promise<void>
  list(): readonly StoredPeer[]
  /** Throws `conflict` TOO_MANY_PEERS. `alongside` is written in the same transaction. */
  add(
    input: { name: string; reach: RemoteReach; own: string; createdBy: string | null },
    alongside: (trx: Trx, peer: StoredPeer) => Promise<void>,
  ): Promise<NewPeer>
  /** Throws `not-found`. */
  remove(id: string, alongside: (trx: Trx, peer: StoredPeer) => Promise<void>): Promise<void>
  /** With their secrets in the clear, for whoever runs the tunnel. */
  forTunnel(): (WireguardSetup['peers'][number] & { name: string })[]
  noteHandshakes(status: WireguardStatus): Promise<void>
}

/** What a new phone is given. */
function makePeer(
  { name, reach, createdBy, address }: Pick<StoredPeer, 'name' | 'reach' | 'createdBy' | 'address'>,
  { secretBox, clock }: { secretBox: SecretBox; clock: Clock },
): NewPeer {
  const { privateKey, publicKey } = newKeys()
  const id = newId(clock.now())
  const presharedKey = newPresharedKey()
  const sealed = secretBox.seal(presharedKey, sealContext(id))
  const rest = { createdBy, createdAt: clock.now(), lastSeenAt: null }
  return { privateKey, presharedKey, peer: { id, name, publicKey, presharedKey: sealed, address, reach, ...rest } }
}

function freeAddress(known: readonly StoredPeer[], own: string): string {
  const used = known.map((peer) => peer.address)
  const address = known.length < MOST_PEERS ? freePeerAddress(own, used) : null
  if (address !== null) return address
  throw new LaresError('conflict', 'There are too many phones already. Remove some first.', { code: 'TOO_MANY_PEERS' })
}

export interface PeersDeps {
  database: Database
  secretBox: SecretBox
  clock: Clock
}

/** The phones that may come in. In memory, with the database as letterbox. */
export function createPeers(deps: PeersDeps): Peers {
  const { database, secretBox } = deps
  let known: readonly StoredPeer[] = []
  return {
    async load() {
      known = await listPeers(database.reader)
    },
    list: () => known,
    async add({ name, reach, own, createdBy }, alongside) {
      const added = makePeer({ name, reach, createdBy, address: freeAddress(known, own) }, deps)
      await database.transaction(async (trx) => {
        await insertPeer(trx, added.peer)
        await alongside(trx, added.peer)
      })
      known = [...known, added.peer]
      return added
    },
    async remove(id, alongside) {
      const peer = known.find((one) => one.id === id)
      if (!peer) throw new LaresError('not-found', 'There is no such phone.')
      await database.transaction(async (trx) => {
        await deletePeer(trx, id)
        await alongside(trx, peer)
      })
      known = known.filter((one) => one.id !== id)
    },
    forTunnel: () =>
      known.map(({ id, name, publicKey, presharedKey, address, reach }) => ({
        ...{ name, publicKey, address, reach, presharedKey: secretBox.open(presharedKey, sealContext(id)) },
      })),
    async noteHandshakes({ peers }) {
      for (const { publicKey, lastHandshakeS } of peers) {
        const peer = known.find((one) => one.publicKey === publicKey)
        if (!peer || lastHandshakeS === null) continue
        const atMs = lastHandshakeS * 1_000
        if (atMs - (peer.lastSeenAt ?? 0) < SEEN_AGAIN_MS) continue
        await markSeen(database.writer, peer.id, atMs)
        known = known.map((one) => (one.id === peer.id ? { ...one, lastSeenAt: atMs } : one))
      }
    },
  }
}
