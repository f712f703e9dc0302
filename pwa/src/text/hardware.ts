// Words of the page Hardware. Apart from `t`, because they come with that page and not with the first load.
import { hardwareText } from './en/hardware.ts'

export const hw = hardwareText
