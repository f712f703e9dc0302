import { childrenOf, child, everywhere, textAt, type XmlElement } from './xml.ts'

/** What of a device's own detection is worth a look of ours. */
const MOTION_TOPICS =
  /(^|:|\/)(VideoSource\/MotionAlarm|VideoAnalytics\/Motion\w*|RuleEngine\/(CellMotionDetector|MotionRegionDetector|MyRuleDetector|FieldDetector|LineDetector|TPSmartEventDetector|\w*Motion\w*)\b)/
const YES = /^(true|1|on|active)$/i
/** The property that says that it begins; its name differs by topic and maker. */
const BEGINS = /^(IsMotion|State|IsInside|IsPeople|IsPeopleDetect|IsVehicle|IsPet|IsTPSmartEvent|IsCar|active)$/i

/** Whether an answer to PullMessages says that something moves. A line that was crossed has no state: it is enough. */
export function tellsMotion(body: XmlElement): boolean {
  return everywhere(body, 'NotificationMessage').some(isMotion)
}

function isMotion(notification: XmlElement): boolean {
  const topic = textAt(notification, 'Topic').replace(/\s+/g, '')
  if (!MOTION_TOPICS.test(topic)) return false
  const message = child(notification, 'Message', 'Message')
  // What a device says about how things are when one begins to listen is no news.
  if (message?.attributes.get('PropertyOperation') === 'Deleted') return false
  const items = childrenOf(child(message, 'Data'), 'SimpleItem')
  const state = items.find((item) => BEGINS.test(item.attributes.get('Name') ?? ''))
  if (!state) return /LineDetector\/Crossed/.test(topic)
  return YES.test(state.attributes.get('Value') ?? '')
}
