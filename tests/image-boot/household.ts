// What a household would notice after a power cut or an update: that something it was told is no longer so.
import { connect } from 'node:tls'
import type { AuditPage } from '../../appliance/src/api/audit.ts'
import type { PowerCurve } from '../../appliance/src/api/energy.ts'
import type { Plug } from '../../appliance/src/api/plugs.ts'
import type { SetupStatus } from '../../appliance/src/api/setup.ts'
import type { HttpsClient } from '../harness/https-client.ts'
import { BOX_NAME, type Lab } from './lab.ts'
import { expect } from './scenario.ts'

/** Slots of the last hour in which something is known of the plug, and how often it was switched by the record. */
export async function historyOf(client: HttpsClient, plugId: string): Promise<{ slots: number; switched: number }> {
  const curve = await client.must<PowerCurve>('GET', `/api/plugs/${plugId}/power?hours=1`)
  const audit = await client.must<AuditPage>('GET', '/api/audit?type=device_switched&limit=200')
  return {
    slots: curve.points.filter(({ meanMw }) => meanMw !== null).length,
    switched: audit.entries.length,
  }
}

/** Everything that was acknowledged is still so: root, account, plug, name, switch record. Throws for what is not. */
export async function expectNothingLost(lab: Lab): Promise<string[]> {
  const { household } = lab
  const { body: root } = await lab.fetchPlain('/trust/lares-root.pem')
  expect(
    root === household.rootPem,
    'The box has another root certificate than before: every phone must trust it anew.',
  )
  const status = await lab.client().must<SetupStatus>('GET', '/api/setup')
  expect(status.setupDone, 'The box asks to be set up again: the account is lost.')
  const client = await lab.signIn()
  const { plugs } = await client.must<{ plugs: Plug[] }>('GET', '/api/plugs')
  const plug = plugs.find(({ id }) => id === household.plugId)
  expect(plug !== undefined, 'The plug is lost.')
  expect(
    household.plugName === undefined || plug.name === household.plugName,
    `The plug is called ${plug.name}, not ${household.plugName}, which the box had acknowledged.`,
  )
  const history = await historyOf(client, plug.id)
  expect(
    history.switched >= (household.switched ?? 0),
    `The record has ${history.switched} switchings of the plug; ${household.switched} had been acknowledged.`,
  )
  household.switched = history.switched
  lab.saveHousehold()
  return [`Same root certificate, account, plug "${plug.name}" and ${history.switched} switchings in the record.`]
}

/** Switches the plug over the API; the answer is what the plug confirmed. */
export async function switchPlug(lab: Lab, client: HttpsClient, on: boolean): Promise<void> {
  const plug = await client.must<Plug>('POST', `/api/plugs/${lab.household.plugId}/switch`, { on })
  expect(plug.on === on, `The box says that the plug is ${String(plug.on)} after it was switched.`)
  expect(lab.plug.on === on, 'The box acknowledged a switching that the plug never heard of.')
  lab.household.switched = (lab.household.switched ?? 0) + 1
  lab.saveHousehold()
}

/** Gives the plug a name; from the acknowledgement on that is its name. */
export async function namePlug(lab: Lab, client: HttpsClient, name: string): Promise<void> {
  await client.must('PATCH', `/api/plugs/${lab.household.plugId}`, { name })
  lab.household.plugName = name
  lab.saveHousehold()
}

/** The error code of a TLS hello that trusts only `ca`; null when the box was believed. */
export function tlsProblem(port: number, ca: string | undefined, servername = BOX_NAME): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername, ...(ca !== undefined && { ca }) })
    socket.once('secureConnect', () => {
      socket.destroy()
      resolve(null)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}
