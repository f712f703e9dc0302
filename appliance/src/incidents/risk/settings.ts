import { z } from 'zod'
import type { SettingDefinition } from '../../settings/index.ts'

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time such as 22:00')

export const nightFrom: SettingDefinition<string> = {
  key: 'risk.nightFrom',
  schema: clockTime,
  initial: '22:00',
  words: 'When the night begins for judging incidents, for example 22:00.',
}

export const nightTo: SettingDefinition<string> = {
  key: 'risk.nightTo',
  schema: clockTime,
  initial: '06:00',
  words: 'When the night ends for judging incidents, for example 06:00.',
}

/** Empty, or an address that can be one. Where it may lead is decided by `language/address.ts`. */
const webAddress = z
  .string()
  .trim()
  .max(2_000)
  .refine((text) => text === '' || /^https?:\/\/[^\s/]+/.test(text), 'is not an address such as http://127.0.0.1:8080')

export const llmUrl: SettingDefinition<string> = {
  key: 'risk.llmUrl',
  schema: webAddress,
  initial: '',
  words:
    'Address of an OpenAI-compatible server (llama.cpp, Ollama, vLLM) that refines how incidents are judged. Empty: none.',
  env: 'LLM_URL',
  envAlias: 'NEMOTRON_URL',
}

export const llmModel: SettingDefinition<string> = {
  key: 'risk.llmModel',
  schema: z.string().trim().max(200),
  initial: '',
  words: 'Name of the model to ask for. Empty: the one that the server has.',
  env: 'LLM_MODEL',
}

export const llmKey: SettingDefinition<string> = {
  key: 'risk.llmKey',
  schema: z.string().trim().max(500),
  initial: '',
  words: 'API key of that server, if it asks for one.',
  secret: true,
  env: 'LLM_API_KEY',
}

export const llmPictures: SettingDefinition<boolean> = {
  key: 'risk.llmPictures',
  schema: z.boolean(),
  initial: false,
  words: 'Whether the model can see: then the picture of the incident is sent along.',
  env: 'LLM_VISION',
}

export const llmTimeoutS: SettingDefinition<number> = {
  key: 'risk.llmTimeoutS',
  schema: z.int().min(1).max(300),
  initial: 30,
  words: 'Seconds that the model may take for one incident, all tries together.',
  env: 'LLM_TIMEOUT_SECONDS',
}

export const llmAtOnce: SettingDefinition<number> = {
  key: 'risk.llmAtOnce',
  schema: z.int().min(1).max(8),
  initial: 1,
  words: 'How many incidents the model is asked about at the same time.',
  env: 'LLM_MAX_CONCURRENT',
}

export const llmRemote: SettingDefinition<boolean> = {
  key: 'risk.llmRemote',
  schema: z.boolean(),
  initial: false,
  words: 'Whether the model may be outside the home. On: descriptions and pictures of incidents leave the house.',
  env: 'LLM_ALLOW_REMOTE',
}

export const llmPlainHttp: SettingDefinition<boolean> = {
  key: 'risk.llmPlainHttp',
  schema: z.boolean(),
  initial: false,
  words:
    'Whether the model may be asked without encryption on another machine. On this box itself that is always allowed.',
  env: 'LLM_ALLOW_PLAIN_HTTP',
}

export const llmCa: SettingDefinition<string> = {
  key: 'risk.llmCa',
  schema: z
    .string()
    .max(100_000)
    .refine((text) => text === '' || text.includes('BEGIN CERTIFICATE'), 'is not a certificate in PEM form'),
  initial: '',
  words: 'Certificate (PEM) that vouches for the model server, when no known authority does.',
}

export const riskSettings = [
  ...[nightFrom, nightTo, llmUrl, llmModel, llmKey, llmCa],
  ...[llmPictures, llmRemote, llmPlainHttp, llmTimeoutS, llmAtOnce],
] as const
