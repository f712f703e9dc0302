import { addModel, buildDefaultModel, DEFAULT_MODEL_FILE, listModels, useModel } from '../vision/index.ts'
import { argument, type Command, type CommandInput } from './command.ts'
import { withHome } from './existing-home.ts'

const placesOf = ({ config }: CommandInput): { dataDir: string; defaultModelFile: string } => ({
  dataDir: config.dataDir,
  defaultModelFile: DEFAULT_MODEL_FILE,
})

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`

async function add(input: CommandInput, acknowledged: boolean): Promise<number> {
  const deps = { ...placesOf(input), clock: input.clock, acknowledged }
  const { name, family, inputWidth, inputHeight, classes, inferenceMs, sha256 } = await addModel(
    deps,
    argument(input.args, 0),
  )
  const ms = Math.round(inferenceMs)
  input.print(
    `Installed ${name}: ${family}, ${inputWidth} × ${inputHeight}, ${classes} classes, one look took ${ms} ms.`,
  )
  input.print(`SHA-256 ${sha256}`)
  input.print(`Use it with: npm run lares -- models use ${name}`)
  return 0
}

export const modelCommands: readonly Command[] = [
  {
    name: 'models list',
    takes: [],
    words: 'Shows which detection models there are and which are installed.',
    async run(input) {
      const models = await listModels(placesOf(input), null)
      for (const { name, title, installed, sizeBytes, licence, source, canFetch } of models) {
        input.print(
          `${installed ? '*' : ' '} ${name.padEnd(22)}${megabytes(sizeBytes).padStart(9)}  ${title} (${licence})`,
        )
        if (!installed) input.print(`  ${''.padEnd(33)}${canFetch ? `to fetch: models add ${name}` : source}`)
      }
      input.print('* installed')
      return 0
    },
  },
  {
    name: 'models add',
    takes: ['NAME|FILE'],
    words: 'Installs a model of the catalogue: fetches it, or takes its file, and tries it first.',
    run: (input) => add(input, false),
  },
  {
    name: 'models add-own',
    takes: ['FILE'],
    words: 'Installs a model of your own; whether its licence allows it is between you and its maker.',
    run: (input) => add(input, true),
  },
  {
    name: 'models use',
    takes: ['NAME'],
    words: 'Chooses the model that looks at the pictures. Lares must not be running.',
    async run(input) {
      await withHome(input, ({ settings }) => useModel({ ...placesOf(input), settings }, argument(input.args, 0)))
      input.print(`From the next start ${argument(input.args, 0)} is used.`)
      return 0
    },
  },
  {
    name: 'models build-default',
    takes: [],
    words: 'Makes the built-in model from the packages of this installation.',
    async run({ print }) {
      print(`The built-in model is ready: ${await buildDefaultModel()}`)
      return 0
    },
  },
]
