// What the reference (and tests/rules) know about the code, read from the code itself.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { z } from 'zod'
import type { Permission } from '../../appliance/src/api/permissions.ts'
import { STREAM_PERMISSIONS } from '../../appliance/src/api/stream.ts'
import { BOOT_VARIABLES } from '../../appliance/src/boot-config.ts'
import { ENVIRONMENT_VARIABLES, type EnvironmentVariable } from '../../appliance/src/boot-environment.ts'
import type { Route } from '../../appliance/src/http/route.ts'
import type { SettingDefinition } from '../../appliance/src/settings/types.ts'

const SRC = 'appliance/src'
const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

async function load(file: string): Promise<Record<string, unknown>> {
  return (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>
}

export interface FoundSetting extends SettingDefinition<unknown> {
  /** The name that code uses. */
  readonly constant: string
  readonly file: string
}

/** Every `SettingDefinition` that a feature, or a folder of it, exports from its settings.ts (those of no feature: settings/catalogue.ts), alone or as one of several in an object. */
export async function readSettings(): Promise<FoundSetting[]> {
  const found: FoundSetting[] = []
  for (const file of globSync(`${SRC}/**/{settings,catalogue}.ts`, { cwd: root }).sort()) {
    for (const [constant, value] of Object.entries(await load(file)))
      for (const [name, setting] of settingsIn(constant, value)) found.push({ ...setting, constant: name, file })
  }
  return found
}

function settingsIn(constant: string, value: unknown): [string, SettingDefinition<unknown>][] {
  if (isSetting(value)) return [[constant, value]]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([name, each]) => (isSetting(each) ? [[`${constant}.${name}`, each]] : []))
}

function isSetting(value: unknown): value is SettingDefinition<unknown> {
  return typeof value === 'object' && value !== null && 'key' in value && 'schema' in value && 'words' in value
}

export interface BootVariable {
  readonly name: string
  readonly flag: string
  readonly schema: z.ZodType
  readonly words: string
  /** The field of `BootConfig` that it fills. */
  readonly field: string | undefined
}

export function readBootVariables(): BootVariable[] {
  const text = read(`${SRC}/boot-config.ts`)
  return Object.entries(BOOT_VARIABLES).map(([name, variable]) => {
    const field = new RegExp(`(\\w+):[^\\n]*read\\('${name}'\\)`).exec(text)?.[1]
    return { name, field, ...variable }
  })
}

export interface FoundVariable extends EnvironmentVariable {
  readonly name: string
}

/** Boot values that have no option on the command line. */
export function readEnvironmentVariables(): FoundVariable[] {
  return Object.entries(ENVIRONMENT_VARIABLES).map(([name, variable]) => ({ name, ...variable }))
}

export interface FoundEvent {
  readonly name: string
  readonly payload: string
  /** The comment above it. */
  readonly words: string
  /** Who may see it in the app; undefined when it stays in the server. */
  readonly permission: Permission | undefined
}

export function readEvents(): FoundEvent[] {
  const body = /export interface Events \{\n([\s\S]*?)\n\}/.exec(read(`${SRC}/events.ts`))?.[1] ?? ''
  const permissions: Readonly<Record<string, Permission | undefined>> = STREAM_PERMISSIONS
  const events = [...body.matchAll(/(?:\/\*\*\s*((?:(?!\*\/)[\s\S])*?)\s*\*\/\s*)?'([a-z.-]+)':\s*(.+)/g)]
  return events.map(([, words = '', name = '', payload = '']) => {
    return { name, payload, words: words.replace(/\s*\n\s*\*?\s*/g, ' '), permission: permissions[name] }
  })
}

export interface FoundRoute extends Route {
  readonly file: string
  readonly feature: string
}

/** A declaration in the text of a file. */
const DECLARES_ROUTE = /\broute\(\{/g

/**
 * Every route that a file declares. Declarations are plain data, so they can be made without the feature behind them:
 * what they are given here is a stand-in that may be passed on and taken apart, but not used.
 */
export async function readRoutes(): Promise<FoundRoute[]> {
  const found: FoundRoute[] = []
  for (const { file } of readSources(SRC).filter(({ text }) => countRoutes(text) > 0)) {
    const feature = file.slice(SRC.length + 1).split('/')[0] ?? ''
    const values = Object.values(await load(file)).flatMap((value) =>
      typeof value === 'function' ? callWithStandIns(value) : value,
    )
    const routes = values.flatMap((value) => (isRoute(value) ? [value] : routesIn(value)))
    found.push(...routes.map((route) => ({ ...route, file, feature })))
  }
  return found
}

export const countRoutes = (text: string): number => text.match(DECLARES_ROUTE)?.length ?? 0

function routesIn(value: unknown): Route[] {
  const listed: unknown = typeof value === 'object' && value !== null && 'routes' in value ? value.routes : undefined
  return Array.isArray(listed) ? listed.filter(isRoute) : []
}

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'run' in value
}

/** What cannot be made without the real thing gives nothing; tests/rules counts that no route is missing. */
function callWithStandIns(make: unknown): unknown {
  try {
    return (make as (...args: unknown[]) => unknown)(standIn(), standIn(), standIn(), standIn())
  } catch {
    return undefined
  }
}

function standIn(): unknown {
  const emptyText = (): string => ''
  return new Proxy(() => standIn(), { get: (_, name) => (name === Symbol.toPrimitive ? emptyText : standIn()) })
}

export interface Source {
  readonly file: string
  readonly text: string
}

/** All source files of some folders with their text. */
export function readSources(...folders: readonly string[]): Source[] {
  const patterns = folders.map((folder) => `${folder}/**/*.{ts,tsx}`)
  const files = globSync(patterns, { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' })
  return files.sort().map((file) => ({ file, text: read(file) }))
}
