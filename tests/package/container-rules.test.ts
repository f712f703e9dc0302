import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { repository } from '../harness/product.ts'
import { asMapping, merge, readCompose, textOf, type Mapping, type Node } from './compose-file.ts'
import { execForm, stagesOf, type Instruction } from './dockerfile.ts'

/** What row F1 asks for, held against the Dockerfile and against every way of putting the compose files together. */
const read = (name: string): string => readFileSync(join(repository, name), 'utf8')
const dockerfile = read('Dockerfile')
const stages = stagesOf(dockerfile)
const last = stages.at(-1) ?? []
const words = (name: string): string => last.find((each) => each.name === name)?.words ?? ''

/** As docs/guide/container.md says to start them. */
const WAYS = [
  ['compose.yaml'],
  ['compose.yaml', 'compose.secrets.yaml'],
  ['compose.yaml', 'compose.language-model.yaml'],
  ['compose.yaml', 'compose.secrets.yaml', 'compose.language-model.yaml'],
  ['compose.yaml', 'compose.home-network.yaml'],
  ['compose.yaml', 'compose.secrets.yaml', 'compose.home-network.yaml'],
]
const joined = (files: readonly string[]): Mapping =>
  asMapping(files.map((file): Node => readCompose(read(file))).reduce((below, above) => merge(below, above)))
const list = (value: Node | undefined): string[] => (Array.isArray(value) ? value.map(String) : [])

/** What is wrong with a service by row F1; none for one that keeps it. */
function faultsOf(service: Mapping): string[] {
  const wanted: readonly (readonly [string, boolean])[] = [
    ['a user by number, not root', /^[1-9]\d{3,}:[1-9]\d{3,}$/.test(textOf(service.user))],
    ['a root that cannot be written', service.read_only === 'true'],
    ['/tmp as F1 has it', list(service.tmpfs).join() === '/tmp:rw,noexec,nosuid,nodev,size=100m,mode=1777'],
    ['no way to gain rights', list(service.security_opt).join() === 'no-new-privileges:true'],
    ['every capability dropped', list(service.cap_drop).join() === 'ALL'],
    ['only NET_BIND_SERVICE given back', ['', 'NET_BIND_SERVICE'].includes(list(service.cap_add).join())],
    ['two processors', service.cpus === '2'],
    ['a limit of memory, swap in it', service.mem_limit !== undefined && service.mem_limit === service.memswap_limit],
    ['200 processes', service.pids_limit === '200'],
    ['nothing that hands the host over', !['privileged', 'pid', 'ipc', 'userns_mode'].some((key) => key in service)],
    ['no door to the engine', !/docker\.sock|containerd\.sock/.test(JSON.stringify(service))],
    ['a writable place only for data', list(service.volumes).every((each) => /^\w[\w-]*:\/data$|:ro$/.test(each))],
    ['no secret in the environment', secretsInEnvironment(service).length === 0],
  ]
  return wanted.filter(([, holds]) => !holds).map(([what]) => what)
}

/** Names that end like a secret and carry a value instead of a file. */
function secretsInEnvironment(service: Mapping): string[] {
  const names = Object.keys(asMapping(service.environment ?? {}))
  return names.filter((name) => /(KEY|KEYS|SECRET|TOKEN|PASSWORD)$/.test(name))
}

describe('SEC-F1 the compose files, in every way they are put together', () => {
  for (const files of WAYS) {
    const whole = joined(files)
    const services = Object.entries(asMapping(whole.services)).map(([name, each]) => [name, asMapping(each)] as const)
    const product = asMapping(asMapping(whole.services).lares)

    test(`SEC-F1 ${files.join(' + ')}: rights, limits and places of each service`, () => {
      for (const [name, service] of services) assert.deepEqual(faultsOf(service), [], name)
      assert.deepEqual([product.mem_limit, list(product.cap_add)], ['2g', ['NET_BIND_SERVICE']])
      assert.equal(product.user, words('USER'))
      for (const [name, service] of services.filter(([name]) => name !== 'lares')) {
        assert.ok('healthcheck' in service, `${name} is never asked how it is`)
        assert.ok(!('ports' in service), `${name} is reached from outside`)
        assert.deepEqual(list(service.networks), ['inside'], `${name} has a way out`)
      }
    })

    test(`SEC-F1 ${files.join(' + ')}: networks and secrets are whole`, () => {
      const networks = asMapping(whole.networks)
      assert.equal(asMapping(networks.inside).internal, 'true')
      if (product.network_mode === 'host') assert.ok(!('networks' in product) && !('ports' in product))
      else assert.deepEqual(list(product.networks), ['home', 'inside'])
      const secrets = asMapping(whole.secrets ?? {})
      for (const [name, service] of services) {
        for (const secret of list(service.secrets))
          assert.match(textOf(asMapping(secrets[secret]).file), /^\.\/secrets\/\w+$/, `${name}: ${secret}`)
        const named = Object.entries(asMapping(service.environment ?? {})).filter(([key]) => key.endsWith('_FILE'))
        for (const [, file] of named)
          assert.ok(
            list(service.secrets).includes(textOf(file).replace('/run/secrets/', '')),
            `${name}: ${textOf(file)}`,
          )
      }
    })
  }

  test('SEC-F1 every compose file is part of a way that is held against the row', () => {
    assert.deepEqual(globSync('compose*.yaml', { cwd: repository }).sort(), [...new Set(WAYS.flat())].sort())
    assert.match(read('.dockerignore'), /^secrets$/m)
    assert.match(read('.gitignore'), /^\/?secrets\/?$/m)
  })

  test('SEC-F1 the rules notice each thing that is taken away', () => {
    const whole = asMapping(asMapping(joined(['compose.yaml']).services).lares)
    const spoils: Mapping = {
      ...{ user: '0:0', read_only: 'false', tmpfs: [], security_opt: [], cap_drop: [], cap_add: ['SYS_ADMIN'] },
      ...{ cpus: '4', mem_limit: '8g', pids_limit: '0', privileged: 'true', volumes: ['/var/run/docker.sock:/data'] },
      ...{ environment: { LLM_API_KEY: 'abc' } },
    }
    for (const [key, value] of Object.entries(spoils)) assert.ok(faultsOf({ ...whole, [key]: value }).length > 0, key)
  })
})

describe('SEC-F1 the Dockerfile', () => {
  test('SEC-F1 two stages: what builds stays behind, what runs is the payload on a plain Debian', () => {
    assert.equal(stages.length, 2)
    const copies = last.filter(({ name }) => name === 'COPY').map(({ words: said }) => said)
    assert.deepEqual(copies, ['--from=build /payload /opt/lares'])
    assert.ok(
      stages.every(
        ([from]) => /^[a-z]+:[\w.-]+( AS \w+)?$/.test(from?.words ?? '') && !/:latest/.test(from?.words ?? ''),
      ),
    )
  })

  test('SEC-F1 a user without rights, by number; nothing after it needs rights again', () => {
    const at = last.findIndex(({ name }) => name === 'USER')
    assert.match(words('USER'), /^[1-9]\d{3,}:[1-9]\d{3,}$/)
    assert.ok(last.slice(at + 1).every(({ name }) => name !== 'RUN' && name !== 'USER'))
  })

  test('SEC-F1 no shell around the product; the health check asks it over its own port', () => {
    assert.ok(execForm(words('ENTRYPOINT')).length > 1)
    assert.ok(execForm(words('HEALTHCHECK').replace(/^.*CMD /, '')).includes('answers'))
    assert.match(words('HEALTHCHECK'), /--interval=30s --timeout=10s --start-period=60s --retries=3/)
  })

  test('SEC-F1 no secret, no download past the package servers, no lists of packages left behind', () => {
    assert.doesNotMatch(dockerfile, /(SECRET|PASSWORD|TOKEN|_KEY)=|ADD |curl |wget /)
    const installs = (stage: readonly Instruction[]): Instruction[] =>
      stage.filter(({ name, words: said }) => name === 'RUN' && said.includes('apt-get install'))
    for (const { words: said } of installs(last))
      assert.ok(said.includes('--no-install-recommends') && said.includes('rm -rf /var/lib/apt/lists'), said)
  })

  test('SEC-F1 the ports it shows are those it listens on, above 1024', () => {
    const ports = words('EXPOSE').split(' ')
    assert.ok(ports.every((port) => words('ENV').includes(`PORT=${port}`) && Number(port) > 1_024))
  })
})
