// Words of the zone editor. Apart from `t`, because they come with that page and not with the first load. A second
// language is a second set of these.
import { zonesText } from './en/zones.ts'

export const zonesWords = zonesText
