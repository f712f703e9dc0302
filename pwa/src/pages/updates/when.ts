import { dayAndTime } from '../../format.ts'
import { timeZone } from '../../state/home.ts'

export const whenOf = (at: number): string => dayAndTime(at, Date.now(), timeZone.value)
