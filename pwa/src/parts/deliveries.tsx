import { clockTime } from '../format.ts'
import { timeZone } from '../state/home.ts'
import { delivery } from '../text/delivery.ts'
import type { NoticeDelivery } from '../wire-alerts.ts'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

const words = delivery.told

const ICONS: Record<NoticeDelivery['channel'], IconName> = {
  push: 'phone',
  email: 'share',
  webhook: 'chip',
  mqtt: 'plugs',
  ntfy: 'bell',
}

/** Where a notice went, and what became of it there. */
export function Deliveries({ list }: { list: readonly NoticeDelivery[] }) {
  if (list.length === 0) return <p class="quiet">{words.nobodyThere}</p>
  return (
    <ul class="rows">
      {list.map((each) => (
        <li key={each.id}>
          <Icon name={each.state === 'failed' ? 'alert' : ICONS[each.channel]} label={words.channels[each.channel]} />
          <span class="row-words">
            <span>{each.person === null ? each.label : words.ofPerson(each.label, each.person)}</span>
            <span class="quiet">{fateOf(each, timeZone.value)}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

/** "Sent 14:02 · Shown 14:02 · Opened 14:03 · marked as expected". Pure. */
export function fateOf(delivered: NoticeDelivery, zone: string): string {
  const { state, sentAt, shownAt, openedAt, acted, reason } = delivered
  const at = (word: string, time: number | null) => (time === null ? null : words.at(word, clockTime(time, zone)))
  const first = sentAt === null ? words.states[state] : at(words.states.sent, sentAt)
  const parts = [first, at(words.shown, shownAt), at(words.opened, openedAt), acted && words.acted[acted], reason]
  return parts.filter(Boolean).join(' · ')
}
