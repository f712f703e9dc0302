import type { Settings } from '../../../settings/index.ts'
import { llmCa, llmKey, llmModel, llmPlainHttp, llmRemote, llmTimeoutS, llmUrl } from '../settings.ts'
import { readAddress } from './address.ts'
import type { ModelServer } from './client.ts'

/** The server that the owner's settings name, or why it may not be asked. */
export function serverOf(settings: Settings): { ok: true; server: ModelServer } | { ok: false; problem: string } {
  const rules = { remote: settings.get(llmRemote), plainHttp: settings.get(llmPlainHttp) }
  const address = readAddress(settings.get(llmUrl), rules)
  if (!address.ok) return address
  const [model, key, ca] = [settings.get(llmModel), settings.get(llmKey), settings.get(llmCa)]
  return { ok: true, server: { address, model, key, ca, timeoutMs: settings.get(llmTimeoutS) * 1_000 } }
}
