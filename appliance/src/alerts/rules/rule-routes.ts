import {
  alertDecisionsReply,
  alertRule,
  alertRuleBody,
  alertRulesReply,
  endSnoozeBody,
  quietHours,
  snoozeBody,
  snoozesReply,
  trialBody,
  trialReply,
  type AlertDecision,
  type QuietHours,
  type Snooze,
} from '../../api/alert-rules.ts'
import { done, idParams } from '../../api/common.ts'
import { route, type RequestContext, type Route } from '../../http/route.ts'
import type { Rules } from './rules.ts'

export interface RuleActions {
  rules: Rules
  decisionsOf(request: RequestContext, incidentId: string): Promise<AlertDecision[]>
  quietHours(): QuietHours
  setQuietHours(request: RequestContext, quiet: QuietHours): Promise<QuietHours>
  snoozes(request: RequestContext): Promise<Snooze[]>
  snooze(request: RequestContext, cameraId: string | null, minutes: number): Promise<Snooze[]>
  wake(request: RequestContext, cameraId: string | null): Promise<Snooze[]>
}

const general = { limit: 'general' } as const

export function ruleRoutes(actions: RuleActions): Route[] {
  const { rules } = actions
  return [
    route({
      ...{ method: 'GET', path: '/api/alerts/rules', summary: 'Who is told what, where and when.' },
      ...{ ...general, needs: 'incidents.view', reply: alertRulesReply },
      run: async () => ({ rules: await rules.list() }),
    }),
    route({
      ...{ method: 'POST', path: '/api/alerts/rules', summary: 'Adds a rule.' },
      ...{ ...general, needs: 'system.edit', body: alertRuleBody, reply: alertRule },
      run: ({ body, request }) => rules.add(request, body),
    }),
    route({
      ...{ method: 'POST', path: '/api/alerts/rules/try', summary: 'What a rule would have told; nothing is saved.' },
      ...{ limit: 'search', needs: 'incidents.view', body: trialBody, reply: trialReply },
      run: ({ body, request }) => rules.try(request, body.rule, body.days),
    }),
    route({
      ...{ method: 'PUT', path: '/api/alerts/rules/:id', summary: 'Changes a rule.' },
      ...{ ...general, needs: 'system.edit', params: idParams, body: alertRuleBody, reply: alertRule },
      run: ({ params, body, request }) => rules.change(request, params.id, body),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/alerts/rules/:id', summary: 'Removes a rule.' },
      ...{ ...general, needs: 'system.edit', params: idParams, reply: done },
      run: async ({ params, request }) => {
        await rules.remove(request, params.id)
        return { ok: true as const }
      },
    }),
    route({
      ...{
        method: 'GET',
        path: '/api/incidents/:id/alerts',
        summary: 'Who was told of an incident, and why others not.',
      },
      ...{ ...general, needs: 'incidents.view', params: idParams, reply: alertDecisionsReply },
      run: async ({ params, request }) => ({ decisions: await actions.decisionsOf(request, params.id) }),
    }),
    ...peaceRoutes(actions),
  ]
}

function peaceRoutes(actions: Omit<RuleActions, 'rules'>): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/alerts/quiet-hours', summary: 'When only alarms come through.' },
      ...{ ...general, needs: 'incidents.view', reply: quietHours },
      run: async () => actions.quietHours(),
    }),
    route({
      ...{ method: 'PUT', path: '/api/alerts/quiet-hours', summary: 'Changes the quiet hours of the home.' },
      ...{ ...general, needs: 'system.edit', body: quietHours, reply: quietHours },
      run: ({ body, request }) => actions.setQuietHours(request, body),
    }),
    route({
      ...{ method: 'GET', path: '/api/alerts/snoozes', summary: 'Whose alerts are silent for now.' },
      ...{ ...general, needs: 'signed-in', reply: snoozesReply },
      run: async ({ request }) => ({ snoozes: await actions.snoozes(request) }),
    }),
    route({
      ...{ method: 'POST', path: '/api/alerts/snoozes', summary: 'No alerts to you for a while; alarms still come.' },
      ...{ ...general, needs: 'incidents.view', body: snoozeBody, reply: snoozesReply },
      run: async ({ body, request }) => ({ snoozes: await actions.snooze(request, body.cameraId, body.minutes) }),
    }),
    route({
      ...{ method: 'DELETE', path: '/api/alerts/snoozes', summary: 'Ends a snooze of your own.' },
      ...{ ...general, needs: 'signed-in', body: endSnoozeBody, reply: snoozesReply },
      run: async ({ body, request }) => ({ snoozes: await actions.wake(request, body.cameraId) }),
    }),
  ]
}
