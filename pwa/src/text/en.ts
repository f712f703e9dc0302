// English. Short, present tense, second person, no jargon. One file per place in the app.
import { camerasText } from './en/cameras.ts'
import { incidentsText } from './en/incidents.ts'
import { moreText } from './en/more.ts'
import { nowText } from './en/now.ts'
import { plugsText } from './en/plugs.ts'
import { uploadsText } from './en/uploads.ts'
import { setupText } from './en/setup.ts'
import { errorsText, shellText, timeText } from './en/shell.ts'

export const en = {
  locale: 'en-GB',
  shell: shellText,
  time: timeText,
  errors: errorsText,
  setup: setupText,
  now: nowText,
  incidents: incidentsText,
  cameras: camerasText,
  uploads: uploadsText,
  plugs: plugsText,
  more: moreText,
}
