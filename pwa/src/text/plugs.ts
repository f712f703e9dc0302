// Words of the pages behind the list of plugs. Apart from `t`, because they come with those pages and not with the first
// load. A second language is a second set of these.
import { addPlugsText, plugAccountsText } from './en/plug-adding.ts'
import { arrangeText } from './en/plug-arranging.ts'
import { plugPageText, schedulesText } from './en/plug-page.ts'

export const plugWords = {
  page: plugPageText,
  schedules: schedulesText,
  add: addPlugsText,
  accounts: plugAccountsText,
  arrange: arrangeText,
}
