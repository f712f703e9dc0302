#!/usr/bin/env node
import { systemClock } from '../core/clock.ts'
import { runCli } from './run.ts'

process.umask(0o077)
process.env.ORT_DISABLE_TELEMETRY = '1'

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  clock: systemClock,
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
})
