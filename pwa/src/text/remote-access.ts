// Words of the page Remote access. Apart from `t`, because they come with that page and not with the first load.
import { remoteAccessText } from './en/remote-access.ts'

export const remoteWords = remoteAccessText
