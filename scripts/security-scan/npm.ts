import { spawnSync } from 'node:child_process'
import { good, notChecked, problem, type ScanFinding } from './finding.ts'
import type { Sbom } from './licences.ts'

interface AuditReport {
  message?: string
  vulnerabilities?: Record<string, { name: string; severity: string; range: string }>
}

const PATIENCE_MS = 120_000

const npm = (root: string, args: readonly string[], registry?: string): { out: string; status: number | null } => {
  const env = { ...process.env, ...(registry && { npm_config_registry: registry }) }
  const { stdout, status } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    env,
    timeout: PATIENCE_MS,
    maxBuffer: 64e6,
  })
  return { out: stdout, status }
}

/** What the registry knows to be weak among what runs in the product. */
export function scanAudit(root: string, registry?: string): ScanFinding[] {
  const { out } = npm(
    root,
    ['audit', '--omit=dev', '--json', '--fetch-retries=1', '--fetch-retry-mintimeout=2000'],
    registry,
  )
  const report = parse(out)
  if (!report?.vulnerabilities)
    return [notChecked(`npm audit: the registry cannot be asked (${report?.message ?? 'no answer'}).`)]
  const weak = Object.values(report.vulnerabilities)
  if (weak.length === 0) return [good('npm audit: nothing known.')]
  return weak.map(({ name, severity, range }) => problem(`npm audit: ${name} ${range}, ${severity}.`))
}

function parse(text: string): AuditReport | null {
  try {
    return JSON.parse(text) as AuditReport
  } catch {
    return null
  }
}

/** Software bill of materials of the product, CycloneDX. Throws when npm cannot make one. */
export function makeSbom(root: string): { text: string; sbom: Sbom } {
  const { out, status } = npm(root, ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'])
  if (status !== 0) throw new Error('npm sbom failed: is everything installed (npm ci)?')
  return { text: out, sbom: JSON.parse(out) as Sbom }
}
