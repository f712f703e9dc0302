import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Before anything else loads: files are for their owner alone, nothing leaves the house, long queries never wait for
// file reads. Compiled code is kept where systemd says, or beside the installation (not in a temporary folder that others
// may write): the second start takes half the time.
process.umask(0o077)
process.env.ORT_DISABLE_TELEMETRY = '1'
process.env.UV_THREADPOOL_SIZE ??= '8'
enableCompileCache(process.env.CACHE_DIRECTORY ?? fileURLToPath(new URL('../../.cache/compiled', import.meta.url)))

const { serve } = await import('./serve.ts')
await serve()
