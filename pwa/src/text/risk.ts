// Words of judging and of who is expected. Apart from `t`, because they come with those pages and not with the first load.
import { expectedText, visitText, waysText, whyText } from './en/risk.ts'

export const risk = { why: whyText, visit: visitText, ways: waysText, expected: expectedText }
