// Words of the page Network. Apart from `t`, because they come with that page and not with the first load.
import { networkText } from './en/network.ts'

export const net = networkText
