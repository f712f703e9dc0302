// What the fake camera says; bodies in the shape of answers that real cameras give.
import type { FakeProfile } from './device.ts'

export const envelope = (body: string, header = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:wsa5="http://www.w3.org/2005/08/addressing" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:ter="http://www.onvif.org/ver10/error"><env:Header>${header}</env:Header><env:Body>${body}</env:Body></env:Envelope>`

export const fault = (code: string, words: string): string =>
  envelope(
    `<env:Fault><env:Code><env:Value>env:Sender</env:Value><env:Subcode><env:Value>ter:${code}</env:Value></env:Subcode></env:Code><env:Reason><env:Text xml:lang="en">${words}</env:Text></env:Reason></env:Fault>`,
  )

export function dateAndTime(now: Date): string {
  const when = `<tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date>`
  return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>CST-8</tt:TZ></tt:TimeZone><tt:UTCDateTime>${when}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`
}

export const deviceInformation = (maker: string, model: string): string =>
  `<tds:GetDeviceInformationResponse><tds:Manufacturer>${maker}</tds:Manufacturer><tds:Model>${model}</tds:Model><tds:FirmwareVersion>1.2.3</tds:FirmwareVersion><tds:SerialNumber>S-0042</tds:SerialNumber><tds:HardwareId>1.0</tds:HardwareId></tds:GetDeviceInformationResponse>`

export const capabilities = (at: string): string =>
  `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device><tt:XAddr>${at}/onvif/device_service</tt:XAddr></tt:Device><tt:Events><tt:XAddr>${at}/onvif/event_service</tt:XAddr><tt:WSSubscriptionPolicySupport>true</tt:WSSubscriptionPolicySupport><tt:WSPullPointSupport>true</tt:WSPullPointSupport><tt:WSPausableSubscriptionManagerInterfaceSupport>false</tt:WSPausableSubscriptionManagerInterfaceSupport></tt:Events><tt:Media><tt:XAddr>${at}/onvif/media_service</tt:XAddr><tt:StreamingCapabilities><tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`

const service = (namespace: string, url: string): string =>
  `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${url}</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>`

export function services(at: string, hasMedia2: boolean): string {
  const base = 'http://www.onvif.org/'
  const all = [
    service(`${base}ver10/device/wsdl`, `${at}/onvif/device_service`),
    service(`${base}ver10/media/wsdl`, `${at}/onvif/media_service`),
    service(`${base}ver10/events/wsdl`, `${at}/onvif/event_service`),
    ...(hasMedia2 ? [service(`${base}ver20/media/wsdl`, `${at}/onvif/media2_service`)] : []),
  ]
  return `<tds:GetServicesResponse>${all.join('')}</tds:GetServicesResponse>`
}

export const videoSources =
  '<trt:GetVideoSourcesResponse><trt:VideoSources token="vs0"><tt:Framerate>15</tt:Framerate><tt:Resolution><tt:Width>1920</tt:Width><tt:Height>1080</tt:Height></tt:Resolution></trt:VideoSources></trt:GetVideoSourcesResponse>'

export function profiles(all: readonly FakeProfile[]): string {
  const one = ({ token, width, height, encoding }: FakeProfile): string =>
    `<trt:Profiles token="${token}" fixed="true"><tt:Name>${token}</tt:Name><tt:VideoSourceConfiguration token="vs0"><tt:Name>vs0</tt:Name><tt:UseCount>2</tt:UseCount><tt:SourceToken>vs0</tt:SourceToken><tt:Bounds x="0" y="0" width="1920" height="1080"/></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="ve_${token}"><tt:Name>ve_${token}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:Quality>3</tt:Quality><tt:RateControl><tt:FrameRateLimit>15</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval><tt:BitrateLimit>2048</tt:BitrateLimit></tt:RateControl><tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>0.0.0.0</tt:IPv4Address></tt:Address><tt:Port>0</tt:Port><tt:TTL>0</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast><tt:SessionTimeout>PT60S</tt:SessionTimeout></tt:VideoEncoderConfiguration></trt:Profiles>`
  return `<trt:GetProfilesResponse>${all.map(one).join('')}</trt:GetProfilesResponse>`
}

export function profiles2(all: readonly FakeProfile[]): string {
  const one = ({ token, width, height, encoding }: FakeProfile): string =>
    `<tr2:Profiles token="${token}" fixed="true"><tr2:Name>${token}</tr2:Name><tr2:Configurations><tr2:VideoEncoder token="ve_${token}"><tt:Name>ve_${token}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>${encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:RateControl ConstantBitRate="true"><tt:FrameRateLimit>15</tt:FrameRateLimit><tt:BitrateLimit>2048</tt:BitrateLimit></tt:RateControl><tt:Quality>3</tt:Quality></tr2:VideoEncoder></tr2:Configurations></tr2:Profiles>`
  return `<tr2:GetProfilesResponse>${all.map(one).join('')}</tr2:GetProfilesResponse>`
}

export const mediaUri = (operation: 'GetStreamUri' | 'GetSnapshotUri', uri: string): string =>
  `<trt:${operation}Response><trt:MediaUri><tt:Uri>${uri}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:${operation}Response>`

export const mediaUri2 = (uri: string): string =>
  `<tr2:GetStreamUriResponse><tr2:Uri>${uri}</tr2:Uri></tr2:GetStreamUriResponse>`

const lease = (now: Date, seconds: number): string =>
  `<wsnt:CurrentTime>${now.toISOString()}</wsnt:CurrentTime><wsnt:TerminationTime>${new Date(now.getTime() + seconds * 1000).toISOString()}</wsnt:TerminationTime>`

export const subscribed = (url: string, id: string, now: Date, seconds: number): string =>
  `<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa5:Address>${url}</wsa5:Address><wsa5:ReferenceParameters><dom0:SubscriptionId xmlns:dom0="http://www.fake.example/2009/event">${id}</dom0:SubscriptionId></wsa5:ReferenceParameters></tev:SubscriptionReference>${lease(now, seconds)}</tev:CreatePullPointSubscriptionResponse>`

export const renewed = (now: Date, seconds: number): string =>
  `<wsnt:RenewResponse>${lease(now, seconds).replace(/(<wsnt:CurrentTime>.*<\/wsnt:CurrentTime>)(.*)/, '$2$1')}</wsnt:RenewResponse>`

export const notification = (topic: string, name: string, value: string, now: Date): string =>
  `<wsnt:NotificationMessage><wsnt:Topic Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">${topic}</wsnt:Topic><wsnt:Message><tt:Message UtcTime="${now.toISOString()}" PropertyOperation="Changed"><tt:Source><tt:SimpleItem Name="VideoSourceConfigurationToken" Value="vs0"/></tt:Source><tt:Data><tt:SimpleItem Name="${name}" Value="${value}"/></tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>`

export const pulled = (messages: readonly string[], now: Date, seconds: number): string =>
  `<tev:PullMessagesResponse>${lease(now, seconds).replaceAll('wsnt:', 'tev:')}${messages.join('')}</tev:PullMessagesResponse>`
