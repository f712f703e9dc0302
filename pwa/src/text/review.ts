// Words of the pages that look back over weeks; they come with those pages. A second language is a second set of these.
import { heatText, learnedText } from './en/review.ts'

export const back = { heat: heatText, learned: learnedText }
