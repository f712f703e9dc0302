import { isIPv4 } from 'node:net'
import type { AddPresenceDevice, Presence, PresenceDevice, PresencePerson } from '../../api/modes.ts'
import type { Audit } from '../../audit/types.ts'
import { isHomeAddress } from '../../core/addresses.ts'
import type { Bus } from '../../core/bus.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import { supervise } from '../../core/supervise.ts'
import type { Database } from '../../db/database.ts'
import type { Events } from '../../events.ts'
import type { Principal, RequestContext } from '../../http/route.ts'
import type { Settings } from '../../settings/types.ts'
import { awayAfterMin } from '../settings.ts'
import type { PresenceProbe } from './presence-probe.ts'
import { afterLook, afterWord, houseState, personState, type KnownDevice } from './presence-rules.ts'
import { deleteDevice, insertDevice, listDevices, saveDeviceState, type StoredDevice } from './presence-store.ts'

const LOOK_EVERY_MS = 60_000
const MOST_DEVICES_PER_PERSON = 8
/** What only says "still seen" is written this rarely: cards wear out. */
const SAVE_SEEN_EVERY_MS = 5 * 60_000

export interface PresenceKeeper {
  start(): Promise<void>
  stop(): Promise<void>
  people(): PresencePerson[]
  house(): 'empty' | 'lived-in' | 'unknown'
  list(principal: Principal): Presence
  add(request: RequestContext, body: AddPresenceDevice): Promise<Presence>
  remove(request: RequestContext, id: string): Promise<Presence>
  say(request: RequestContext, id: string, state: 'home' | 'away'): Promise<Presence>
  /** Somebody was renamed, switched off or removed. */
  reload(): Promise<void>
}

export interface PresenceDeps {
  database: Database
  clock: Clock
  log: Log
  bus: Bus<Events>
  settings: Settings
  audit: Pick<Audit, 'record'>
  probe: PresenceProbe
  /** Told when the house empties or fills; not of what was found at the start. */
  onHouse(state: 'empty' | 'lived-in'): Promise<void>
}

/** Only addresses of a home: the box is no means to look into other networks. */
function checkAddress(address: string): void {
  if (isIPv4(address) && isHomeAddress(address)) return
  const words = 'Give the address that the phone has on your Wi-Fi, for example 192.168.1.23.'
  throw new LaresError('invalid', words, { code: 'NOT_A_HOME_ADDRESS' })
}

function signedIn({ principal }: RequestContext): Principal {
  if (principal === null) throw new LaresError('unauthenticated', 'Sign in first.')
  return principal
}

const maySeeAll = (principal: Principal): boolean => principal.permissions.has('system.view')
const mayChangeAll = (principal: Principal): boolean => principal.permissions.has('system.edit')

function describeDevice(device: StoredDevice, principal: Principal): PresenceDevice {
  const { id, userId, kind, label, address, state, since, seenAt } = device
  return { id, userId, kind, label, address, state, since, seenAt, own: userId === principal.userId }
}

function describePeople(devices: readonly StoredDevice[]): PresencePerson[] {
  const living = devices.filter(({ userActive }) => userActive)
  return [...Map.groupBy(living, ({ userId }) => userId)].map(([userId, own]) => ({
    ...{ userId, name: own[0]?.userName ?? '', ...personState(own) },
  }))
}

/** What is known of all phones, in memory; whoever is told of a change is told once. */
function createDeviceBook({ database, clock, bus, onHouse }: PresenceDeps) {
  let devices: readonly StoredDevice[] = []
  let told: string | null = null
  const savedSeen = new Map<string, number>()
  const people = (): PresencePerson[] => describePeople(devices)
  const house = (): 'empty' | 'lived-in' | 'unknown' => houseState(people().map(({ state }) => state))

  /** Reads again, and tells what is different now. */
  async function refresh(): Promise<void> {
    devices = await listDevices(database.writer)
    const now = JSON.stringify(people())
    if (told !== null && now !== told) bus.emit('presence.changed', { people: people() })
    told = now
  }

  return {
    ...{ people, house, refresh },
    all: () => devices,
    savedLately: (id: string): boolean => Math.abs(clock.now() - (savedSeen.get(id) ?? 0)) < SAVE_SEEN_EVERY_MS,
    /** In memory alone. */
    note: (known: KnownDevice) =>
      void (devices = devices.map((each) => (each.id === known.id ? { ...each, ...known } : each))),
    async keep(known: KnownDevice): Promise<void> {
      const before = house()
      await saveDeviceState(database.writer, known)
      savedSeen.set(known.id, clock.now())
      await refresh()
      const after = house()
      if (after !== before && after !== 'unknown') await onHouse(after)
    },
  }
}

type DeviceBook = ReturnType<typeof createDeviceBook>

/** Looks for the phones on the Wi-Fi, once a minute. */
function createLooking({ clock, log, settings, probe }: PresenceDeps, book: DeviceBook) {
  async function look(device: StoredDevice, signal: AbortSignal): Promise<void> {
    const seen = await probe(device.address ?? '', signal)
    const current = book.all().find(({ id }) => id === device.id)
    if (signal.aborted || !current) return
    const next = afterLook(current, seen, clock.now(), settings.get(awayAfterMin) * 60_000)
    const sameState = next.state === current.state && current.seenAt !== null
    if (sameState && book.savedLately(device.id)) book.note(next)
    else await book.keep(next)
  }
  return supervise({
    ...{ name: 'presence', clock, log, pauseMs: LOOK_EVERY_MS },
    async runOnce(signal) {
      const phones = book.all().filter(({ kind, userActive }) => kind === 'wifi' && userActive)
      await Promise.all(phones.map((device) => look(device, signal)))
    },
  })
}

function refuseMore(own: readonly StoredDevice[]): void {
  if (own.length < MOST_DEVICES_PER_PERSON) return
  throw new LaresError('conflict', `At most ${MOST_DEVICES_PER_PERSON} phones tell where you are.`)
}

const record = (request: RequestContext, type: 'presence_device_added' | 'presence_device_removed', id: string) => {
  const { principal: who, address, userAgent } = request
  return { type, who, address, userAgent, resource: `presence:${id}` } as const
}

/** Who is home, by phones that are seen on the Wi-Fi or say so themselves. */
export function createPresence(deps: PresenceDeps): PresenceKeeper {
  const { database, clock, audit } = deps
  const book = createDeviceBook(deps)
  const looking = createLooking(deps, book)

  const list = (principal: Principal): Presence => ({
    people: book.people(),
    devices: book
      .all()
      .filter(({ userId }) => userId === principal.userId || maySeeAll(principal))
      .map((device) => describeDevice(device, principal)),
  })

  function own(request: RequestContext, id: string, mayAll: boolean): StoredDevice {
    const found = book.all().find((device) => device.id === id)
    if (found && (found.userId === signedIn(request).userId || mayAll)) return found
    throw new LaresError('not-found', 'There is no such phone.')
  }

  return {
    ...{ people: book.people, house: book.house, list, reload: book.refresh },
    async start() {
      await book.refresh()
      await looking.start()
    },
    stop: () => looking.stop(),
    async add(request, body) {
      const principal = signedIn(request)
      const address = body.kind === 'wifi' ? body.address : null
      if (address !== null) checkAddress(address)
      refuseMore(book.all().filter(({ userId }) => userId === principal.userId))
      const now = clock.now()
      const device = { id: newId(now), userId: principal.userId, kind: body.kind, label: body.label, address }
      await database.transaction(async (trx) => {
        await insertDevice(trx, { ...device, createdAt: now })
        await audit.record(trx, record(request, 'presence_device_added', device.id))
      })
      await book.refresh()
      looking.wake()
      return list(principal)
    },
    async remove(request, id) {
      const principal = signedIn(request)
      own(request, id, mayChangeAll(principal))
      await database.transaction(async (trx) => {
        await deleteDevice(trx, id)
        await audit.record(trx, record(request, 'presence_device_removed', id))
      })
      await book.refresh()
      return list(principal)
    },
    async say(request, id, state) {
      const device = own(request, id, false)
      if (device.kind !== 'geofence') throw new LaresError('conflict', 'This phone is looked for on the Wi-Fi.')
      await book.keep(afterWord(device, state, clock.now()))
      return list(signedIn(request))
    },
  }
}
