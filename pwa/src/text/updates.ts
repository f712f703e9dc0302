// Words of the pages Updates and This box. Apart from `t`, because they come with those pages and not with the first load.
import { boxText, updatesText } from './en/updates.ts'

export const up = updatesText
export const boxWords = boxText
