export interface ChipsProps<Value extends string> {
  label: string
  options: readonly { value: Value; label: string }[]
  chosen: readonly Value[]
  onToggle: (value: Value) => void
}

/** Small switches in a row: filters, classes. */
export function Chips<Value extends string>({ label, options, chosen, onToggle }: ChipsProps<Value>) {
  return (
    <div class="chips" role="group" aria-label={label}>
      {options.map(({ value, label: words }) => (
        <button
          key={value}
          type="button"
          class="chip"
          aria-pressed={chosen.includes(value)}
          onClick={() => onToggle(value)}
        >
          {words}
        </button>
      ))}
    </div>
  )
}
