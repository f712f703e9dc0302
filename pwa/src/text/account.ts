// Words about oneself: signing in, one's own account, an invitation. Apart from `t`, because they come with those pages and
// not with the first load. A second language is a second set of these.
import { accountText } from './en/account.ts'

export const own = accountText
