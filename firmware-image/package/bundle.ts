// Joins the sources into few files: bundle.ts TARGET. A program of its own, so that its memory goes when it is done.
import { existsSync, globSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown, type Plugin } from 'rolldown'
import { WHOLE_MODULES } from './modules.ts'

/** What is started by its file name: programs, and threads of theirs. A new one is named like these. */
const STARTED_BY_NAME = ['appliance/src/**/{main,*-worker}.ts', 'appliance/sidecars/processor.ts']

/** Below the target; beside the programs, so that nothing else has to know it. */
const PARTS_FOLDER = 'appliance/src/parts'
const HTTP_BY_REQUIRE = '\0http-by-require'
/** Extras of libraries that are not installed here; each says so itself and goes on without. */
const ABSENT = ['bufferutil', 'utf-8-validate']

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** A module that asks where it is hears the place it has in the repository: its neighbours lie there, it does not. */
const ownPlaces: Plugin = {
  name: 'own-places',
  transform: {
    filter: { id: /\/appliance\/(src|sidecars)\/.*\.ts$/, code: /import\.meta\.url/ },
    handler: (code, id) =>
      code.replaceAll(
        'import.meta.url',
        `new URL('${relative(repository, id).replace(/\.ts$/, '.js')}', LARES_ROOT).href`,
      ),
  },
}

/**
 * An `import` of `node:http` reads all its names, and behind the one for WebSocket lies Node's whole `fetch`: a tenth of
 * the start. A `require` reads none.
 */
const httpByRequire: Plugin = {
  name: 'http-by-require',
  resolveId: { filter: { id: /^(node:)?http$/ }, handler: () => ({ id: HTTP_BY_REQUIRE }) },
  load: {
    filter: { id: new RegExp(`^${HTTP_BY_REQUIRE}$`) },
    handler: () => ({ code: "module.exports = process.getBuiltinModule('node:http')", moduleType: 'js' }),
  },
}

/** From any of the written files to where the payload begins. */
const rootOf = ({ fileName }: { fileName: string }): string =>
  `const LARES_ROOT = new URL('${'../'.repeat(fileName.split('/').length - 1)}', import.meta.url)`

async function bundle(target: string): Promise<void> {
  const programs = globSync(STARTED_BY_NAME, { cwd: repository })
  const build = await rolldown({
    cwd: repository,
    input: Object.fromEntries(programs.map((file) => [file.replace(/\.ts$/, ''), join(repository, file)])),
    platform: 'node',
    external: [...WHOLE_MODULES, ...ABSENT],
    plugins: [ownPlaces, httpByRequire],
    // `depd` names functions by it, as it says of itself.
    checks: { eval: false },
    onLog(level, log) {
      if (level === 'warn') throw new Error(`The bundle would not be what the sources are: ${log.message}`)
    },
  })
  await build.write({
    dir: target,
    format: 'esm',
    banner: rootOf,
    entryFileNames: '[name].js',
    chunkFileNames: `${PARTS_FOLDER}/[name]-[hash].js`,
  })
  await build.close()
}

const target = process.argv[2]
if (target === undefined || !existsSync(target)) throw new Error('bundle.ts TARGET: a folder that is there.')
await bundle(resolve(target))
