// Words of the wizard for new cameras. Apart from `t`, because they come with its page and not with the first load.
import { findingText } from './en/finding.ts'

export const findingWords = findingText
