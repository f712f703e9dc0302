// Words of the pages that look after others. Apart from `t`, because they come with those pages and not with the first
// load. A second language is a second set of these.
import { keysText } from './en/keys.ts'
import { onceText, peopleText, permissionsText, rolesText } from './en/people.ts'
import { recordText } from './en/record.ts'
import { settingsText } from './en/settings.ts'

export const care = {
  permissions: permissionsText,
  once: onceText,
  people: peopleText,
  roles: rolesText,
  keys: keysText,
  settings: settingsText,
  record: recordText,
}
