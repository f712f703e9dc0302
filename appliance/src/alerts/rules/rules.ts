import type { AlertRule, AlertRuleBody, AlertRuleTrial } from '../../api/alert-rules.ts'
import type { Incident } from '../../api/incidents.ts'
import type { Audit, AuditType } from '../../audit/types.ts'
import type { Clock } from '../../core/clock.ts'
import { LaresError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Database, Db, Trx } from '../../db/database.ts'
import { maySeeCamera, type Principal, type RequestContext } from '../../http/route.ts'
import type { Incidents } from '../../incidents/types.ts'
import type { Modes } from '../../modes/types.ts'
import { homeTimeZone, type Settings } from '../../settings/index.ts'
import { windowOf } from './checks.ts'
import type { Rule } from './decide.ts'
import { deleteRule, insertRule, listRules, updateRule, type StoredRule } from './rule-store.ts'
import { quietTimes } from '../settings.ts'
import { tryRule } from './trial.ts'
import { ruleWords, type NamesInRules } from './words.ts'

export interface RulesDeps {
  database: Database
  clock: Clock
  settings: Settings
  audit: Pick<Audit, 'record'>
  incidents: Pick<Incidents, 'list'>
  modes: Pick<Modes, 'modesSince'>
  names: NamesInRules
  /** null: there is no such zone (any more). */
  zone(id: string): { cameraId: string } | null
}

export interface Rules {
  /** Those that are switched on. */
  active(trx: Trx): Promise<readonly Rule[]>
  list(): Promise<AlertRule[]>
  add(request: RequestContext, body: AlertRuleBody): Promise<AlertRule>
  change(request: RequestContext, id: string, body: AlertRuleBody): Promise<AlertRule>
  remove(request: RequestContext, id: string): Promise<void>
  try(request: RequestContext, rule: AlertRuleBody, days: number): Promise<AlertRuleTrial>
}

const MOST_RULES = 50
const DAY_MS = 24 * 60 * 60_000
const PAGE = 100
const MOST_REPLAYED = 2_000

function notFound(): LaresError {
  return new LaresError('not-found', 'There is no such rule.')
}

/** Whoever sees only some cameras can make rules for those alone. */
function refuseBeyond(principal: Principal | null, { cameras }: AlertRuleBody): void {
  if (principal?.cameras === null) return
  if (cameras.length > 0 && cameras.every((id) => maySeeCamera(principal, id))) return
  const words = 'You see only some of the cameras. Choose among those.'
  throw new LaresError('forbidden', words, { code: 'BEYOND_YOUR_OWN' })
}

/** Newest first, until `from` or until it is enough. */
async function incidentsSince(
  incidents: Pick<Incidents, 'list'>,
  from: number,
  isSeen: (incident: Incident) => boolean,
): Promise<{ incidents: Incident[]; complete: boolean }> {
  const found: Incident[] = []
  let cursor: string | undefined
  for (;;) {
    const page = await incidents.list({ limit: PAGE, ...(cursor !== undefined && { cursor }) })
    const late = page.incidents.filter(({ openedAt }) => openedAt >= from)
    found.push(...late.filter(isSeen))
    const isOver = late.length < page.incidents.length || page.nextCursor === null
    if (isOver || found.length >= MOST_REPLAYED) return { incidents: found, complete: isOver }
    cursor = page.nextCursor ?? undefined
  }
}

async function tryOver(
  { clock, settings, incidents, modes }: RulesDeps,
  { principal }: RequestContext,
  rule: AlertRuleBody,
  days: number,
): Promise<AlertRuleTrial> {
  const to = clock.now()
  const from = to - days * DAY_MS
  const seen = await incidentsSince(incidents, from, ({ camera }) => maySeeCamera(principal, camera.id))
  const quiet = settings.get(quietTimes)
  return tryRule({
    ...{ ...seen, rule, from, to, timeZone: settings.get(homeTimeZone), quietHours: quiet && windowOf(quiet) },
    modes: await modes.modesSince(from),
  })
}

/** A rule that waits for a zone that is gone, or on a camera that it is not about, would never speak. */
function refuseGoneZones(
  { zone: find }: Pick<RulesDeps, 'zone'>,
  principal: Principal | null,
  { zones, cameras }: AlertRuleBody,
): void {
  const found = zones.map((id) => find(id))
  if (found.some((zone) => zone === null || !maySeeCamera(principal, zone.cameraId)))
    throw new LaresError('invalid', 'One of the zones is gone. Choose among those that are there.', {
      ...{ code: 'ZONE_GONE', details: { zones: 'One of the zones is gone.' } },
    })
  if (cameras.length === 0 || found.every((zone) => zone && cameras.includes(zone.cameraId))) return
  const words = 'One of the zones belongs to a camera that the rule is not about.'
  throw new LaresError('invalid', words, { code: 'ZONE_ELSEWHERE', details: { zones: words } })
}

export function createRules(deps: RulesDeps): Rules {
  const { database, clock, audit } = deps
  let active: readonly Rule[] | null = null

  const describe = (rule: StoredRule): AlertRule => ({ ...rule, words: ruleWords(rule, deps.names) })
  const list = async (db: Db): Promise<AlertRule[]> => (await listRules(db)).map(describe)

  async function write(
    { principal: who, address, userAgent }: RequestContext,
    type: AuditType,
    id: string,
    work: (trx: Trx) => Promise<void>,
  ): Promise<AlertRule[]> {
    return database.transaction(async (trx, afterCommit) => {
      await work(trx)
      await audit.record(trx, { type, who, address, userAgent, resource: `alert-rule:${id}` })
      const all = await list(trx)
      if (all.length > MOST_RULES) throw new LaresError('conflict', `At most ${MOST_RULES} rules. Remove one first.`)
      afterCommit(() => (active = null))
      return all
    })
  }

  const only = (all: readonly AlertRule[], id: string): AlertRule => {
    const found = all.find((rule) => rule.id === id)
    if (!found) throw notFound()
    return found
  }

  return {
    async active(trx) {
      active ??= (await listRules(trx)).filter(({ enabled }) => enabled)
      return active
    },
    list: () => list(database.reader),
    async add(request, body) {
      refuseBeyond(request.principal, body)
      refuseGoneZones(deps, request.principal, body)
      const now = clock.now()
      const id = newId(now)
      return only(await write(request, 'alert_rule_created', id, (trx) => insertRule(trx, id, body, now)), id)
    },
    async change(request, id, body) {
      refuseBeyond(request.principal, body)
      refuseGoneZones(deps, request.principal, body)
      const all = await write(request, 'alert_rule_updated', id, async (trx) => {
        refuseBeyond(request.principal, only(await list(trx), id))
        if (!(await updateRule(trx, id, body, clock.now()))) throw notFound()
      })
      return only(all, id)
    },
    async remove(request, id) {
      await write(request, 'alert_rule_deleted', id, async (trx) => {
        refuseBeyond(request.principal, only(await list(trx), id))
        if (!(await deleteRule(trx, id))) throw notFound()
      })
    },
    try: (request, rule, days) => tryOver(deps, request, rule, days),
  }
}
