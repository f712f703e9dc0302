import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { WHOLE_MODULES, wholeFolders } from '../../firmware-image/package/modules.ts'
import { placeServer } from '../../firmware-image/package/payload.ts'

const NO_PORTS = ['--https-port', '0', '--http-port', '0']
const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Files that a program loads before it does anything, itself among them. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, path] of text.matchAll(/^(?:import|export)[^;]*? from "(\.[^"]+)"/gm))
    loadedBy(join(dirname(file), path ?? ''), seen)
  return seen
}

describe('the server in few files', () => {
  let target: string
  before(() => {
    target = mkdtempSync(join(tmpdir(), 'lares-bundle-'))
    placeServer({ repository, target })
    for (const name of ['node_modules', '.cache']) symlinkSync(join(repository, name), join(target, name))
  })
  after(() => rmSync(target, { recursive: true, force: true }))
  const at = (file: string): string => join(target, 'appliance', file)

  test('J1 its start reads a handful of files, not a thousand and a half', () => {
    const first = [...loadedBy(at('src/main.js')), ...loadedBy(globSync(at('src/parts/serve-*.js'))[0] ?? '')]
    assert.ok(new Set(first).size < 20, [...first].join('\n'))
    // An import of it reads all its names, and with them Node's fetch: a tenth of the start.
    for (const file of first) assert.doesNotMatch(readFileSync(file, 'utf8'), /from "(node:)?http"/, file)
  })

  test('what runs beside the server, some of it as root, loads nothing of it', () => {
    for (const name of ['agent', 'console', 'first-boot', 'hotspot']) {
      const text = [...loadedBy(at(`src/host/${name}/main.js`))].map((file) => readFileSync(file, 'utf8')).join('')
      assert.ok(text.length > 5_000 && text.length < 900_000, `${name}: ${text.length} characters`)
      assert.ok(!text.includes('WebSocketServer') && !text.includes('kysely'), name)
    }
  })

  test('every program that a unit, a script or the container starts is there', () => {
    const places = /\/(?:usr\/lib|opt)\/lares\/(appliance\/[\w./-]+\.(?:js|py))/g
    const units = globSync(['firmware-image/{image/overlay,package/files}/**/*', 'Dockerfile'], {
      cwd: repository,
      withFileTypes: true,
    }).filter((entry) => entry.isFile())
    const named = units.flatMap((entry) =>
      [...readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(places)].map(([, file = '']) => file),
    )
    assert.ok(new Set(named).size >= 6, `found only ${named.join(', ')}`)
    for (const file of named) assert.ok(existsSync(join(target, file)), file)
  })

  test('what is started or read by its name lies where the repository has it', () => {
    const named = /new URL\(\s*[`']([^`'$]+)(?:\$\{import\.meta\.url\.slice\(-3\)\})?[`'],\s*import\.meta\.url/g
    const elsewhere = new Set(['pwa/dist'])
    const wanted = globSync('appliance/src/**/*.ts', { cwd: repository }).flatMap((file) =>
      [...readFileSync(join(repository, file), 'utf8').matchAll(named)].map(([whole, path = '']) => {
        const place = join(dirname(file), path)
        return whole.includes('slice') ? `${place}.js` : place
      }),
    )
    const missing = wanted.filter((place) => !/^\.cache/.test(place) && !elsewhere.has(place))
    assert.ok(missing.length >= 4, `found only ${missing.join(', ')}`)
    assert.deepEqual(
      missing.filter((place) => !existsSync(join(target, place))),
      [],
    )
    for (const file of ['hailo.py', 'decode.py', 'processor.js']) assert.ok(existsSync(at(`sidecars/${file}`)), file)
  })

  test('it makes a home that answers, sees with its thread, and ends when asked', async (t) => {
    const data = mkdtempSync(join(tmpdir(), 'lares-bundled-'))
    t.after(() => rmSync(data, { recursive: true, force: true }))
    const child = spawn(process.execPath, [at('src/main.js'), '--data', data, '--host', '127.0.0.1', ...NO_PORTS], {
      env: { ...process.env, CACHE_DIRECTORY: join(data, 'compiled') },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => child.kill('SIGKILL'))
    let said = ''
    for await (const chunk of child.stdout) {
      said += String(chunk)
      if (said.includes('Lares is ready')) break
    }
    assert.match(said, /Lares is ready/)
    const asked = [at('src/cli/main.js'), 'doctor', '--json', '--data', data]
    const { stdout } = spawnSync(process.execPath, asked, { encoding: 'utf8' })
    assert.match(stdout, /finds what must be found on the check picture/)
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number]
    assert.equal(code, 0)
  })

  test('of the modules only those with machine code stay, with all they need', () => {
    const lock = join(repository, 'node_modules', '.package-lock.json')
    const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Parameters<typeof wholeFolders>[0] }
    const whole = wholeFolders(packages)
    for (const name of [...WHOLE_MODULES, '@img/colour', 'node-gyp-build', 'onnxruntime-common'])
      assert.ok(whole.has(`node_modules/${name}`), name)
    for (const name of ['koa', 'zod', 'mqtt']) assert.ok(!whole.has(`node_modules/${name}`), name)
  })
})
