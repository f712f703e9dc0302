// What the pages about alerts send and get: types only, so that no schema code gets into the bundle.
export type { NoticeDelivery, ToldNotice, ToldReply } from '../../appliance/src/api/alerts.ts'
export type {
  AlertChannel,
  ChangeChannel,
  EmailSettings,
  MqttSettings,
  NtfySettings,
  SetUpChannelId,
  TestChannelReply,
  WebhookSettings,
} from '../../appliance/src/api/channels.ts'
