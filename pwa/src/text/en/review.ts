export const heatText = {
  title: 'When things happen',
  lead: 'How often something is seen, by weekday and hour of your home. The stronger the colour, the more.',
  camera: 'Camera',
  everyCamera: 'All cameras',
  what: 'What',
  everything: 'Everything',
  weeks: 'How far back',
  weekNames: { 4: '4 weeks', 13: '3 months', 52: 'A year' } as Record<number, string>,
  weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  shortWeekdays: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  hour: 'Hour',
  caption: (total: number) => (total === 1 ? '1 visit in this time' : `${String(total)} visits in this time`),
  none: 'Nothing was seen in this time.',
}

export const learnedText = {
  title: 'What Lares has learned',
  lead: 'Every mark teaches a little: what you call expected or a false alarm scores lower next time, a threat higher. It fades over months, and never by more than 20 points.',
  empty: {
    title: 'Nothing learned yet',
    text: 'Mark an incident, and similar ones are scored differently from then on.',
  },
  kind: (what: string, camera: string, part: string) => `${what} at ${camera}, ${part}`,
  parts: {
    night: 'at night (22–6)',
    morning: 'in the morning (6–12)',
    afternoon: 'in the afternoon (12–17)',
    evening: 'in the evening (17–22)',
  },
  points: (n: number) =>
    n === 0 ? 'Changes nothing' : n > 0 ? `${String(n)} points more` : `${String(-n)} points less`,
  forget: 'Forget',
  forgetThis: (what: string) => `Forget: ${what}`,
  forgotten: 'Forgotten. Marks count anew from now on.',
  forgetAll: 'Forget everything',
  ask: {
    title: 'Forget everything that was learned?',
    text: 'Scores are what they were on the first day. The marks and notes on your incidents stay.',
  },
}
