import type { NoticeDelivery } from '../../wire-alerts.ts'

export const toldText = {
  title: 'What was told',
  back: 'Notifications',
  lead: 'Every alert of the last 30 days, to whom it went, and what became of it.',
  whoWasTold: 'Who was told',
  nobody: 'Nobody was told of it.',
  nobodyThere: 'Nobody could be told: no phone and no other way was there.',
  empty: { title: 'Nothing was told yet', text: 'The first alert appears here a moment after it happened.' },
  loadingMore: 'Loading more',
  end: 'That is everything.',
  why: 'Why',
  open: 'Open the incident',
  channels: { push: 'Phone', email: 'E-mail', webhook: 'Webhook', mqtt: 'MQTT', ntfy: 'ntfy' },
  states: {
    queued: 'On its way',
    sent: 'Sent',
    failed: 'Did not arrive',
    dropped: 'Not sent',
    replaced: 'Overtaken',
    snoozed: 'Snoozed',
  } satisfies Record<NoticeDelivery['state'], string>,
  shown: 'Shown',
  opened: 'Opened',
  at: (word: string, time: string) => `${word} ${time}`,
  acted: {
    expected: 'marked as expected',
    snooze: 'snoozed for an hour',
    light: 'switched the light on',
  } satisfies Record<NonNullable<NoticeDelivery['acted']>, string>,
  ofPerson: (label: string, person: string) => `${label} · ${person}`,
  reached: (arrived: number, all: number) =>
    all === 1 ? (arrived === 1 ? 'Reached' : 'Not reached') : `Reached ${String(arrived)} of ${String(all)}`,
}
