import { fileURLToPath } from 'node:url'
import { createBudgetKeeper } from './accounts/index.ts'
import { createAdmin, type Admin } from './admin/index.ts'
import { createAudit, type AuditEvent } from './audit/index.ts'
import { createBus, type Bus } from './core/bus.ts'
import { deriveKey } from './core/crypto.ts'
import type { Log } from './core/log.ts'
import type { Part, PartWithLateWork } from './core/part.ts'
import { VERSION } from './core/version.ts'
import type { Events } from './events.ts'
import { createEnergy } from './energy/index.ts'
import { createHealth, createNotices, type PartHealth } from './health/index.ts'
import { createHttpServer, createPathSigner, limitsFromSettings, securityContact, type Refusal } from './http/index.ts'
import type { ProductWords } from './host/index.ts'
import { rememberPlugs } from './incidents/index.ts'
import type { createMedia } from './media/index.ts'
import { createModes } from './modes/index.ts'
import { createPlugs, type Plugs } from './plugs/index.ts'
import { settingsRoutes } from './settings/index.ts'
import type { Vision } from './vision/index.ts'
import type { ComposeOptions, Ground } from './compose/ground.ts'
import { composeAccess } from './compose/access.ts'
import { composeSight } from './compose/sight.ts'
import { composeAlerts, composeRules } from './compose/telling.ts'
import { composeBox } from './compose/box.ts'

/** The whole product, built and not yet started. */
export interface Product {
  /** In the order in which they start; they stop in reverse. */
  readonly parts: readonly Part[]
  /** Those of them with work that waits until the page answers. */
  readonly late: readonly PartWithLateWork[]
  /** What the console shows once the page answers. */
  banner(): string
  /** The same for a screen at the box. */
  screen(): ProductWords
}

const APP_FOLDER = fileURLToPath(new URL('../../pwa/dist', import.meta.url))

function partsHealth(parts: readonly Part[], vision: Vision): PartHealth[] {
  const { state, provider, model, problem } = vision.detector()
  const detail = problem ?? [model?.name, provider].filter((word) => word != null).join(' on ')
  return [...parts.map(({ name }) => ({ name, state: 'running', detail: '' })), { name: 'detector', state, detail }]
}

/** What an owner looks for in the log afterwards: that somebody was to be told. */
function keepRecord(bus: Bus<Events>, log: Log): void {
  bus.on('alert.queued', 'log', ({ count }) => log.info({ phones: count }, 'An alert is on its way'))
}

/** The developer's look inside, where it is switched on; `setStreams` tells it how many pages are open. */
function composeAdmin({ config, clock, log, audit }: Ground): { admin: Admin; setStreams(count: number): void } {
  let streams = 0
  const admin = createAdmin({
    ...{ enabled: config.debug && config.adminEnabled, key: config.adminApiKey, clock, log, version: VERSION },
    note: (event) => audit.note(event),
    streams: () => streams,
  })
  return { admin, setStreams: (count) => void (streams = count) }
}

/** What the gate refused, as the record keeps it. */
function refusalEvent({ type, principal, address, userAgent, route, needs }: Refusal): AuditEvent {
  const details =
    type === 'permission_denied' ? { needs } : type === 'origin_refused' ? { origin: needs } : { tier: needs }
  return { type, severity: 'WARNING', who: principal, address, userAgent, resource: route, details }
}

/** The plugs, and what keeps what they measure. */
function composePlugs(ground: Ground, media: ReturnType<typeof createMedia>) {
  const { home, clock, log, bus, audit, notices } = ground
  const plugs: Plugs = createPlugs({ ...home, clock, log, bus, audit, notices, folder: media.folder })
  const energy = createEnergy({ ...home, clock, log, plugs })
  plugs.onMeasured((measurement) => energy.note(measurement))
  return { plugs, energy }
}

/** Builds every part and ties them together. Nothing starts here. */
export function compose(options: ComposeOptions): Product {
  const { config, home, clock, log } = options
  const bus = createBus<Events>(log)
  const notices = createNotices({ bus, clock })
  const audit = createAudit({ database: home.database, clock, log })
  keepRecord(bus, log)
  const signer = createPathSigner({ key: deriveKey(home.masterKey, 'signed-path'), clock })
  const ports: Ground['ports'] = () => ({ httpsPort: http.httpsPort(), httpPort: http.httpPort() })
  const ground: Ground = { ...options, bus, notices, audit, signer, ports }

  const { admin, setStreams } = composeAdmin(ground)
  const access = composeAccess(ground)
  const modes = createModes({ ...home, clock, log, bus, audit, accounts: access.accounts })
  const sight = composeSight(ground, access.tls, {
    ...{ plugs: rememberPlugs(bus), mode: () => modes.state().mode, atHome: () => modes.atHome() },
  })
  const { plugs, energy } = composePlugs(ground, sight.media)
  const telling = { ...sight, plugs, modes, accounts: access.accounts }
  const { alerts, mqtt } = composeAlerts(ground, telling)
  const rules = composeRules(ground, telling, alerts, access.tls)
  const box = composeBox(ground, sight, access.tls)

  // The record stops last: the others still write into it.
  const record: Part = { name: 'audit', start: async () => undefined, stop: () => audit.stop() }
  const watching: Part[] = [modes, alerts, ...sight.parts, energy, plugs, mqtt]
  const parts: Part[] = [record, admin, ...access.parts, ...watching, ...rules.parts, ...box.parts]
  const health = createHealth({ notices, clock, version: VERSION, parts: () => partsHealth(parts, sight.vision) })
  const http = createHttpServer({
    ...{ log, clock, bus, signer, tls: access.tls, version: VERSION, staticDir: APP_FOLDER, dataDir: home.dataDir },
    ...{ host: config.host, httpsPort: config.httpsPort, httpPort: config.httpPort },
    routes: [
      ...settingsRoutes({ ...home, audit }),
      ...[health, audit, admin, access, sight, plugs, energy, alerts, rules, box].flatMap(({ routes }) => routes),
    ],
    authenticate: (asking) => access.accounts.authenticate(asking),
    isInForce: (principal) => access.accounts.isInForce(principal),
    onRefused: (refusal) => audit.note(refusalEvent(refusal)),
    isSetupDone: () => access.setup.isDone(),
    ...(admin.checkKey && { checkAdminKey: admin.checkKey }),
    onViewers: (count) => {
      setStreams(count)
      plugs.setWatched(count > 0)
    },
    limitBudgets: limitsFromSettings(home.settings),
    securityContact: () => home.settings.get(securityContact),
    corsOrigins: config.corsOrigins,
    budgetKeeper: createBudgetKeeper({ database: home.database, clock, log }),
  })
  return {
    parts: [...parts, http],
    late: [sight.vision, ...access.late, ...box.late],
    banner: () => access.setup.banner(ports()),
    screen: () => access.setup.screen(ports()),
  }
}
