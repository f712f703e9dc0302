export const shellText = {
  product: 'Lares',
  waiting: (n: number) => (n === 1 ? '1 not reviewed' : `${String(n)} not reviewed`),
  places: { now: 'Now', incidents: 'Incidents', cameras: 'Cameras', plugs: 'Plugs', more: 'More' },
  mainNavigation: 'Places',
  skip: 'Skip to content',
  back: 'Back',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  undo: 'Undo',
  retry: 'Try again',
  details: 'Details',
  copy: 'Copy',
  copied: 'Copied.',
  copyFailed: 'This browser does not allow copying. Mark the text and copy it by hand.',
  loading: 'Loading',
  messages: 'Messages',
  notFound: { title: 'Nothing here', text: 'This page does not exist. It may have been removed.', action: 'Go to Now' },
  update: { text: 'A new version is ready.', action: 'Update', underWay: 'Updating…' },
  lost: (age: string) => `Lares does not answer. What you see is from ${age}.`,
  offline: 'This phone is offline. What you see may be old.',
  saved: 'Saved.',
}

export const timeText = {
  today: 'Today',
  yesterday: 'Yesterday',
  now: 'now',
  secondsAgo: (count: number) => `${String(count)} s ago`,
  minutesAgo: (count: number) => `${String(count)} min ago`,
  hoursAgo: (count: number) => `${String(count)} h ago`,
  daysAgo: (count: number) => (count === 1 ? '1 day ago' : `${String(count)} days ago`),
}

interface Words {
  kept: string
  remedy: string
}
const nothingChanged = 'Nothing was changed.'
const byKind: Record<string, Words> = {
  unreachable: {
    kept: 'Everything on the box stays as it was.',
    remedy: 'Check that this phone is on your home network, then try again.',
  },
  timeout: { kept: 'The box may still be working on it.', remedy: 'Wait a moment, look again, then retry.' },
  invalid: { kept: nothingChanged, remedy: 'Correct what is marked and try again.' },
  unauthenticated: { kept: 'You are not signed in yet.', remedy: 'Check what you typed and try again.' },
  forbidden: { kept: nothingChanged, remedy: 'Ask the person who runs this home’s Lares.' },
  'not-found': { kept: nothingChanged, remedy: 'It may have been removed. Go back and look again.' },
  conflict: { kept: nothingChanged, remedy: 'Look at what is there now, then decide again.' },
  'too-many': { kept: nothingChanged, remedy: 'Wait a minute, then try again.' },
  'too-large': { kept: nothingChanged, remedy: 'Send something smaller.' },
  unavailable: { kept: nothingChanged, remedy: 'Check that the device has power and network, then try again.' },
  refused: {
    kept: 'Lares works all the same; it just stays silent on this phone.',
    remedy: 'You can allow them any time.',
  },
  'push-service': {
    kept: nothingChanged,
    remedy: 'Check that this phone is on the internet, then try again. You can go on without.',
  },
  passkey: { kept: nothingChanged, remedy: 'Try once more, or use another way.' },
  unsupported: { kept: nothingChanged, remedy: 'This box or device cannot do it.' },
}

/** Where the kind alone would say the wrong thing. */
const byCode: Record<string, Words> = {
  PASSWORD_WRONG: { kept: nothingChanged, remedy: 'Type it again.' },
  SETUP_CODE_WRONG: { kept: nothingChanged, remedy: 'Look at the code once more; it stands where you started Lares.' },
}

export const errorsText = {
  unreachable: 'Lares can’t be reached.',
  timedOut: 'Lares took too long to answer.',
  inApp: 'Something in the app went wrong.',
  cancelled: 'Nothing was done.',
  noWords: 'Lares could not do that.',
  byKind,
  byCode,
  other: { kept: nothingChanged, remedy: 'Try again. If it keeps happening, see More › Health.' },
}
