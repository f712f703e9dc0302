// Words of the pages about how alerts travel. Apart from `t`, because they come with those pages and not with the first
// load. A second language is a second set of these.
import { channelsText } from './en/channels.ts'
import { toldText } from './en/told.ts'

export const delivery = { channels: channelsText, told: toldText }
