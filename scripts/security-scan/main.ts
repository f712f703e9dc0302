// The weekly look at ourselves (SEC-F3). Options: --tree FOLDER (a built package or container), --image FOLDER (root of a built
// image), --lists FOLDER (apt's lists for it), --out FOLDER, --no-ports.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { scanDebian } from './debian.ts'
import { folderFiles, readText, repositoryFiles } from './files.ts'
import { isBad, notChecked, reportText, type ScanFinding, type ScanPart } from './finding.ts'
import { scanLicences } from './licences.ts'
import { scanLockfile, type Lockfile } from './lockfile.ts'
import { makeSbom, scanAudit } from './npm.ts'
import { scanPorts } from './ports.ts'
import { judgeSecrets, secretsIn, type AllowedSecret } from './secrets.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { values } = parseArgs({
  options: {
    ...{ tree: { type: 'string' }, image: { type: 'string' }, lists: { type: 'string' } },
    ...{ out: { type: 'string', default: join(root, '.out/security-scan') }, 'no-ports': { type: 'boolean' } },
  },
})
const readJson = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'))

function lockfiles(): ScanFinding[] {
  return ['.', 'scripts/tools'].flatMap((folder) => {
    const { allowScripts = {} } = readJson(join(folder, 'package.json')) as { allowScripts?: Record<string, boolean> }
    const name = join(folder, 'package-lock.json')
    return scanLockfile(name, readJson(name) as Lockfile, allowScripts)
  })
}

function materials(): ScanFinding[] {
  const { text, sbom } = makeSbom(root)
  writeFileSync(join(values.out, 'sbom.cdx.json'), text)
  return scanLicences(sbom, readFileSync(join(root, 'NOTICE'), 'utf8'))
}

function secrets(folder: string, files: readonly string[], allowed: readonly AllowedSecret[]): ScanFinding[] {
  const found = files.flatMap((file) => secretsIn(file, readText(join(folder, file)) ?? ''))
  return judgeSecrets(folder === root ? 'Repository' : folder, found, allowed, files.length)
}

const allowedSecrets = readJson('scripts/security-scan/allowed-secrets.json') as AllowedSecret[]
const none = (option: string): ScanFinding[] => [notChecked(`Name one with ${option} FOLDER.`)]

mkdirSync(values.out, { recursive: true })
const parts: ScanPart[] = [
  { name: 'Lockfiles', findings: lockfiles() },
  { name: 'Known weaknesses', findings: scanAudit(root) },
  { name: 'Licences', findings: materials() },
  { name: 'Secrets in the repository', findings: secrets(root, repositoryFiles(root), allowedSecrets) },
  {
    name: 'Secrets in what was built',
    findings: values.tree ? secrets(values.tree, folderFiles(values.tree), []) : none('--tree'),
  },
  { name: 'Debian in the image', findings: values.image ? scanDebian(values.image, values.lists) : none('--image') },
  {
    name: 'Ports',
    findings: values['no-ports']
      ? [notChecked('Left out.')]
      : await scanPorts([process.execPath, join(root, 'appliance/src/main.ts')]),
  },
]
writeFileSync(join(values.out, 'report.json'), `${JSON.stringify({ at: new Date().toISOString(), parts }, null, 2)}\n`)
console.log(`${reportText(parts)}\n\nReport and SBOM: ${values.out}`)
process.exitCode = isBad(parts) ? 1 : 0
