import { net } from '../../text/network.ts'

const STRONG = 65
const GOOD = 35

/** @param strength 0 to 100 */
export const strengthWords = (strength: number): string =>
  strength >= STRONG ? net.strength.strong : strength >= GOOD ? net.strength.good : net.strength.weak
