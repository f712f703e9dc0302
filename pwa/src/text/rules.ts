// Words of the pages about rules and modes. Apart from `t`, because they come with those pages and not with the first
// load. A second language is a second set of these.
import { modesText } from './en/modes.ts'
import { rulesText, weekText } from './en/rules.ts'

export const rulesWords = { ...rulesText, week: weekText, modes: modesText }
