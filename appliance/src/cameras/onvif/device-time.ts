import { child, everywhere, textAt, type XmlElement } from './xml.ts'

/** The device's clock, in epoch milliseconds; null when it does not say, or says nonsense. */
export function readDeviceTime(body: XmlElement): number | null {
  const [reply] = everywhere(body, 'SystemDateAndTime')
  // Some know only their local time: then the time zone is forgotten, and the second try with the box's time helps.
  const when = child(reply, 'UTCDateTime') ?? child(reply, 'LocalDateTime')
  const number = (...path: [string, string]): number => Number(textAt(when, ...path) || NaN)
  const time = Date.UTC(
    number('Date', 'Year'),
    number('Date', 'Month') - 1,
    number('Date', 'Day'),
    number('Time', 'Hour'),
    number('Time', 'Minute'),
    number('Time', 'Second'),
  )
  return Number.isFinite(time) && time >= 0 && time < LATEST ? time : null
}

const LATEST = Date.UTC(2200, 0, 1)
