import type { ComponentChildren } from 'preact'

/** Name and value; what is null is not known and left out. */
export type Fact = readonly [name: string, value: ComponentChildren | null]

/** A list of what is known of one thing. */
export function FactList({ rows }: { rows: readonly Fact[] }) {
  return (
    <dl class="facts">
      {rows.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="break">{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
