export type { SettingDefinition, Settings } from './types.ts'
export { homeCurrency, homeDefinitions, homeName, homeTimeZone, setupDone } from './catalogue.ts'
export { settingsRoutes } from './routes.ts'
export { createSettings, type AnySetting, type SettingsDeps } from './settings.ts'
