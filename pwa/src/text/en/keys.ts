import type { Permission } from '../../wire.ts'

interface Preset {
  id: string
  label: string
  hint: string
  scopes: readonly Permission[]
}

const presets: readonly Preset[] = [
  {
    id: 'home-assistant',
    label: 'Home Assistant: see and switch',
    hint: 'Cameras, incidents and plugs; switches plugs',
    scopes: ['devices.view', 'devices.control', 'cameras.view', 'incidents.view'],
  },
  {
    id: 'look',
    label: 'Only look',
    hint: 'Cameras, incidents, plugs and costs; changes nothing',
    scopes: ['devices.view', 'cameras.view', 'incidents.view', 'rates.view', 'costs.view'],
  },
  {
    id: 'energy',
    label: 'Energy only',
    hint: 'What plugs use and what it costs; no camera',
    scopes: ['devices.view', 'rates.view', 'costs.view'],
  },
]

export const keysText = {
  title: 'API keys',
  lead: 'A key lets a program ask Lares for what you choose, without your password.',
  off: 'API keys are switched off',
  offText: 'No key works until they are allowed in All settings.',
  empty: {
    title: 'No key yet',
    text: 'Make one for each program, for example Home Assistant. Each can be taken back on its own.',
  },
  make: 'Make a key',
  states: { active: 'Works', rotated: 'Replaced, still works for a while', expired: 'Run out', revoked: 'Taken back' },
  living: 'Keys that work',
  old: 'Keys that no longer work',
  fromEnvironment: 'From the environment (API_KEYS)',
  fromEnvironmentHint: 'It is changed where Lares is started.',
  madeBy: (name: string) => `Made by ${name}`,
  begins: (prefix: string) => `Begins with ${prefix}`,
  never: 'Never used',
  used: (age: string) => `Used ${age}`,
  usedFrom: (age: string, address: string) => `Used ${age} from ${address}`,
  until: (when: string) => `Works until ${when}`,
  ended: (when: string) => `Ended ${when}`,
  forever: 'Does not run out',
  may: 'What it may',
  createdAt: 'Made',
  rotate: 'Replace',
  rotateOf: (name: string) => `Replace ${name}`,
  revoke: 'Take back',
  revokeOf: (name: string) => `Take back ${name}`,
  form: {
    title: 'New API key',
    name: 'Which program is it for?',
    nameHint: 'For example Home Assistant',
    nameMissing: 'Give it a name.',
    preset: 'What may it do?',
    presets,
    custom: 'Something else',
    customHint: 'Choose one by one',
    scopes: 'Choose one by one',
    noneChosen: 'Choose at least one thing.',
    expires: 'How long does it work?',
    lengths: [
      { days: 30, label: 'A month' },
      { days: 90, label: 'Three months' },
      { days: 365, label: 'A year' },
      { days: null, label: 'Until it is taken back' },
    ] as { days: number | null; label: string }[],
    make: 'Make the key',
  },
  made: {
    title: (name: string) => `Key for ${name}`,
    lead: 'Put it into the program now. Lares keeps only its fingerprint and can never show it again.',
    label: 'The key',
    tryIt: 'Try it in a terminal',
    copyCurl: 'Copy the command',
    certificate: 'The file lares-root.pem is on the page that More › Certificates names.',
  },
  rotateAsk: {
    title: (name: string) => `Replace the key of ${name}?`,
    text: 'A new key with the same rights is made. The old one goes on for a while, so that you can change it in the program.',
    overlap: 'How long does the old one still work?',
    lengths: [
      { hours: 0, label: 'Ends at once' },
      { hours: 1, label: 'One hour' },
      { hours: 24, label: 'One day' },
      { hours: 168, label: 'A week' },
    ],
    confirm: 'Replace key',
  },
  revokeAsk: {
    title: (name: string) => `Take back the key of ${name}?`,
    text: 'It stops working at once, and so does the program that uses it. This cannot be undone; a new key can be made.',
    confirm: 'Take back',
    revoked: (name: string) => `The key of ${name} no longer works.`,
  },
}
