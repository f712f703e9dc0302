import type { Clock } from '../core/clock.ts'
import type { NoticeBoard } from '../core/notices.ts'
import type { ServedCertificate, SourceStatus } from './source.ts'

const DAY_MS = 24 * 60 * 60_000
/** Days before the end at which the owner hears of it, once each. */
export const WARNED_AT_DAYS = [14, 7, 3, 1] as const

const SHORT_LIFE_MS = 10 * DAY_MS

type Life = Pick<ServedCertificate, 'notBeforeMs' | 'notAfterMs'>

/** When it should have been renewed: with a third of its life left, with half of a short one. */
const latestMs = (lifeMs: number): number => lifeMs / (lifeMs < SHORT_LIFE_MS ? 2 : 3)

/**
 * The smallest of those that has been passed; 0 when it is over, null while there is time. Days at which a certificate of
 * so short a life is still as it should be do not count.
 */
export function warningStage({ notBeforeMs, notAfterMs }: Life, nowMs: number): number | null {
  const leftMs = notAfterMs - nowMs
  if (leftMs <= 0) return 0
  const late = WARNED_AT_DAYS.filter((days) => days * DAY_MS < latestMs(notAfterMs - notBeforeMs))
  return late.findLast((days) => leftMs <= days * DAY_MS) ?? null
}

/** Something with an end: a served certificate, or the root. */
export interface Expiring {
  kind: SourceStatus['kind'] | 'root'
  certificate: Life
  problem: string | null
}

const TITLES: Readonly<Record<Expiring['kind'], string>> = {
  'local-ca': 'The private certificate of this box',
  acme: 'The public certificate of this box',
  provided: 'The certificate that you provided',
  root: 'The root that your phones trust',
}

const WHAT_TO_DO: Readonly<Record<Expiring['kind'], string>> = {
  'local-ca': 'It renews itself as long as the clock of the box is right.',
  acme: 'It should have been renewed by now.',
  provided: 'Put a new one in its place; it is taken over by itself.',
  root: 'A new one has to be made, and every phone has to install it.',
}

const inDays = (stage: number): string => (stage === 1 ? 'tomorrow' : `in ${stage} days`)

/** Warns 14, 7, 3 and 1 days before an end; what was renewed is not mentioned any more (SEC-B4). */
export function createExpiryNotices({ clock, notices }: { clock: Clock; notices: NoticeBoard }) {
  const told = new Map<Expiring['kind'], number>()

  function check({ kind, certificate, problem }: Expiring): void {
    const stage = warningStage(certificate, clock.now())
    if (stage === (told.get(kind) ?? null)) return
    const id = `certificate-ends-${kind}`
    if (stage === null) {
      told.delete(kind)
      return notices.clear(id)
    }
    told.set(kind, stage)
    const until = new Date(certificate.notAfterMs).toISOString().slice(0, 10)
    notices.raise({
      ...{ id, level: stage <= 3 ? 'problem' : 'warning', link: '/more/certificates' },
      title: stage === 0 ? `${TITLES[kind]} has ended` : `${TITLES[kind]} ends ${inDays(stage)}`,
      detail: [`Its last day is ${until}.`, problem ?? WHAT_TO_DO[kind], 'After it phones refuse to connect.'].join(
        ' ',
      ),
    })
  }

  return {
    /** All that is served now; called each minute. */
    checkAll(all: readonly Expiring[]): void {
      for (const one of all) check(one)
      for (const kind of [...told.keys()].filter((known) => !all.some((one) => one.kind === known))) {
        told.delete(kind)
        notices.clear(`certificate-ends-${kind}`)
      }
    },
  }
}
