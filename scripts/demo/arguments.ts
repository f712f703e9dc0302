import { resolve } from 'node:path'

export interface DemoArguments {
  video: string | undefined
  dataDir: string
  /** For the product itself. */
  handOn: string[]
}

/** Takes `--demo` and `--video FILE` out of the command line; everything else is the product's. */
export function readDemoArguments(args: readonly string[], defaultDataDir: string): DemoArguments {
  const rest = args.filter((arg) => arg !== '--demo')
  const video = take(rest, '--video')
  const dataDir = take(rest, '--data') ?? process.env['LARES_DATA']
  return {
    video: video === undefined ? undefined : resolve(video),
    dataDir: dataDir === undefined ? defaultDataDir : resolve(dataDir),
    handOn: rest,
  }
}

/** Removes `--name VALUE` or `--name=VALUE` and returns the value. */
function take(args: string[], name: string): string | undefined {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`))
  if (at === -1) return undefined
  const joined = args[at]?.split(/=(.*)/s)[1]
  const value = joined ?? args[at + 1]
  if (value === undefined || value === '') throw new Error(`${name} needs a value, for example ${name} FILE`)
  args.splice(at, joined === undefined ? 2 : 1)
  return value
}
