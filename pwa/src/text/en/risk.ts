import type { Expectation, Verdict, Weekday } from '../../wire-risk.ts'

const verdicts: Record<Verdict, string> = {
  confirmed: 'It is real.',
  rejected: 'It is probably nothing.',
  uncertain: 'It is not certain that it is real.',
  'could-not-look': 'Lares could not look. That does not mean that nothing was there.',
}

export const whyText = {
  title: 'How bad, and why',
  verdicts,
  score: (score: number) => `${String(score)} of 100`,
  noScore: 'It was not judged, so there is no score.',
  points: (points: number) => (points > 0 ? `+${String(points)}` : String(points).replace('-', '−')),
  reasons: 'Reasons',
  byRules: 'Judged by the rules of this box.',
  byLanguage: (model: string) => `Judged by the rules of this box and by ${model}.`,
  aModel: 'a language model',
  waiting: 'A language model will be asked too.',
  failed: 'The language model could not be heard, so the rules’ answer stands.',
  says: 'What the language model says',
  facts: {
    model: 'Model',
    took: 'Took',
    seconds: (s: string) => `${s} s`,
    tokens: 'Words read and written',
    prompt: 'Question',
  },
  tokens: (read: number | null, written: number | null) => `${String(read ?? '–')} and ${String(written ?? '–')}`,
  picture: (sent: boolean) => (sent ? 'with the picture' : 'without a picture'),
  prompt: 'What it was asked, word for word',
  system: 'What it is told before each question',
}

export const waysText = {
  title: 'Where they went',
  stayed: (zone: string, time: string, loitered: boolean) =>
    `entered ${zone}, stayed ${time}${loitered ? ' and loitered' : ''}`,
  crossed: {
    in: (line: string) => `came in across ${line}`,
    out: (line: string) => `went out across ${line}`,
  },
}

export const visitText = {
  parts: 'It went on',
  partsLead: 'The same visit, later or on another camera.',
  clip: 'Clip',
  plugs: 'Plugs at the time',
  on: 'on',
  off: 'off',
  watts: (w: string) => `${w} W`,
  switched: (what: string) => `switched ${what}`,
}

const who: Record<Expectation['who'], string> = {
  household: 'Somebody of the house',
  visitor: 'A visitor',
  vehicle: 'A vehicle',
  animal: 'An animal',
}
const days: Record<Weekday, string> = {
  ...{
    monday: 'Mon',
    tuesday: 'Tue',
    wednesday: 'Wed',
    thursday: 'Thu',
    friday: 'Fri',
    saturday: 'Sat',
    sunday: 'Sun',
  },
}

export const expectedText = {
  lead: 'Tell Lares who comes when. What fits is judged more calmly; what does not fit is judged as before.',
  add: 'Add a visitor',
  empty: {
    title: 'Nobody is expected yet',
    text: 'The post at eleven, the gardener on Fridays, your own car in the evening: tell Lares, and it stays calm.',
  },
  who,
  days,
  everyDay: 'Every day',
  allDay: 'all day',
  between: (from: string, to: string) => `${from} to ${to}`,
  allCameras: 'every camera',
  missingCameras: (n: number) => (n === 1 ? '1 camera' : `${String(n)} cameras`),
  paused: 'Paused',
  change: 'Change',
  edit: (name: string) => `Change ${name}`,
  form: {
    add: 'Who is expected?',
    edit: 'Change who is expected',
    name: 'What do you call them?',
    nameHint: 'For example Post, or Ben comes home.',
    nameMissing: 'Give it a name.',
    who: 'Who is it?',
    classes: 'What does the camera see then?',
    classesMissing: 'Choose at least one.',
    days: 'On which days?',
    daysMissing: 'Choose at least one day.',
    from: 'From',
    to: 'To',
    timesHint: 'Past midnight is fine. The same time twice means the whole day.',
    cameras: 'On which cameras? None chosen means all.',
    active: 'Counts',
    activeHint: 'Off: kept, but nobody is expected.',
    remove: 'Expect no longer',
    removed: 'No longer expected.',
    saved: 'Lares expects them now.',
  },
}
