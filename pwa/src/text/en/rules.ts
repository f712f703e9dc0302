import type { AlertChannel, AlertDecision, RiskBand, Weekday } from '../../wire-rules.ts'
import type { HomeMode, ObjectClass } from '../../wire.ts'

const classes: Record<ObjectClass, string> = {
  ...{ person: 'a person', bicycle: 'a bicycle', car: 'a car', motorcycle: 'a motorcycle', bus: 'a bus' },
  ...{ truck: 'a truck', bird: 'a bird', cat: 'a cat', dog: 'a dog' },
}
const whileMode: Record<HomeMode, string> = {
  ...{ home: 'at home', away: 'while away', night: 'at night', disarmed: 'while off' },
}
const least: Record<RiskBand, string> = {
  ...{ low: 'Any', medium: 'Medium and above', high: 'High and above', critical: 'Alarms only' },
}
const leastShort: Record<RiskBand, string> = {
  ...{ low: '', medium: 'medium risk or more', high: 'high risk or more', critical: 'alarms only' },
}
const channels: Record<AlertChannel, string> = {
  ...{ push: 'Phones', email: 'E-mail', webhook: 'Webhook', mqtt: 'MQTT', ntfy: 'ntfy' },
}

export const rulesText = {
  lead: 'Who is told what, and when. Other things wait in the list of incidents.',
  rules: 'Rules',
  add: 'Add a rule',
  none: { title: 'Nobody is told of anything', text: 'Without a rule Lares watches and stays silent.' },
  classes,
  whileMode,
  least,
  leastShort,
  channels,
  anything: 'anything',
  anyCamera: 'any camera',
  goneZone: 'a zone that is gone',
  inZone: (what: string, zone: string) => `${what} in ${zone}`,
  stays: (seconds: number) => `there for ${String(seconds)} s or more`,
  goneCamera: 'a camera that is gone',
  everybody: 'everybody',
  some: (count: number) => (count === 1 ? 'one person' : `${String(count)} people`),
  or: 'or',
  sentence: (what: string, where: string, when: string) => `When ${what} is seen on ${where}, ${when}`,
  anyMode: 'in any mode',
  lasts: (seconds: number) => `for ${String(seconds)} s or more`,
  tells: (who: string, ways: string) => `→ ${who}${ways}`,
  by: (ways: string) => `, by ${ways}`,
  off: 'Switched off',
  toggle: (words: string) => `Rule: ${words}`,
  change: 'Change',
  edit: {
    add: 'New rule',
    change: 'Change the rule',
    what: 'What is seen',
    where: 'On which camera',
    whereHint: 'None chosen means any.',
    zones: 'In which zone',
    zonesHint: 'None chosen means anywhere in the picture.',
    goneZone: 'A zone that is gone',
    dwellInZone: 'Somebody must stay there',
    mode: 'In which mode',
    more: 'More',
    times: 'Only at certain times',
    risk: 'Lowest risk',
    dwell: 'It must last',
    cooldown: 'Then peace for the same there',
    quiet: 'Also in quiet hours',
    quietHint: 'Alarms come through in any case.',
    who: 'Who is told',
    whoHint: 'None chosen means everybody who may see the camera.',
    ways: 'How',
    waysHint: 'None chosen means every way that is set up.',
    light: 'Light that the notification offers',
    noLight: 'None',
    save: 'Save',
    saved: 'Saved.',
    remove: 'Remove the rule',
    removed: 'The rule is gone.',
    seconds: (value: number) => (value === 0 ? 'Not at all' : `${String(value)} seconds`),
    peace: (seconds: number) =>
      seconds === 0 ? 'None' : seconds < 3_600 ? `${String(seconds / 60)} minutes` : `${String(seconds / 3_600)} hours`,
  },
  trial: {
    ask: 'Try it on last week',
    none: 'It would have told you nothing last week.',
    told: (count: number) =>
      count === 1
        ? 'It would have told you once last week:'
        : `It would have told you ${String(count)} times last week:`,
    more: (count: number) => `and ${String(count)} earlier ones.`,
    looked: (count: number) => `${String(count)} incidents were looked at.`,
    notAll: 'There were more; the newest were looked at.',
    silent: 'Why it would have stayed silent',
    times: (count: number) => (count === 1 ? 'once' : `${String(count)} times`),
  },
  quiet: {
    title: 'Quiet hours',
    lead: 'Only alarms, and rules that say so, come through.',
    on: 'Quiet hours',
    off: 'There are none.',
    from: 'From',
    to: 'To',
    saved: 'Quiet hours are changed.',
  },
  snooze: {
    title: 'Peace for a while',
    lead: 'Nothing is told to you for an hour. Alarms still come.',
    all: 'Snooze everything for 1 hour',
    until: (who: string, what: string, time: string) => `${who}: ${what}, until ${time}`,
    everything: 'every camera',
    end: 'End it',
    ended: 'You hear everything again.',
    begun: 'Quiet for an hour. Alarms still come.',
  },
  decisions: {
    title: 'Why, and why not',
    told: (names: string) => `Told ${names}`,
    outcomes: { told: 'Told', held: 'Waited', 'not-told': 'Not told' } satisfies Record<
      AlertDecision['outcome'],
      string
    >,
    rule: (words: string) => `${words}.`,
  },
  watch: {
    title: 'Tell me when it stops',
    hint: 'For a freezer, a pump: somebody is told when it draws no power for so long.',
    watts: 'Counts as running from',
    after: 'Told after',
    saved: 'You are told when it stops.',
    ended: 'It may stop without a word.',
    minutes: (value: number) =>
      value < 60 ? `${String(value)} minutes` : value === 60 ? '1 hour' : `${String(value / 60)} hours`,
    wattsOf: (value: number) => `${String(value)} W`,
  },
}

export const weekText = {
  days: {
    ...{
      monday: 'Mon',
      tuesday: 'Tue',
      wednesday: 'Wed',
      thursday: 'Thu',
      friday: 'Fri',
      saturday: 'Sat',
      sunday: 'Sun',
    },
  } satisfies Record<Weekday, string>,
  label: 'Days',
  from: 'From',
  to: 'To',
  allDay: 'all day',
  everyDay: 'every day',
}
