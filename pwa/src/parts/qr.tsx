import { useEffect } from 'preact/hooks'
import { useSignal } from '@preact/signals'

/** A QR picture drawn as SVG. Always dark on light, with its quiet border: scanners ask for that in every scheme. */
export function Qr({ text, label }: { text: string; label: string }) {
  const drawing = useSignal<{ size: number; path: string } | null>(null)
  useEffect(() => {
    let wanted = true
    void import('uqr').then(({ encode }) => {
      const { size, data } = encode(text, { ecc: 'M', border: 3 })
      if (wanted) drawing.value = { size, path: pathOf(data) }
    })
    return () => {
      wanted = false
    }
  }, [text])
  const drawn = drawing.value
  return (
    <div class="qr">
      {drawn ? (
        <svg
          viewBox={`0 0 ${String(drawn.size)} ${String(drawn.size)}`}
          role="img"
          aria-label={label}
          shape-rendering="crispEdges"
        >
          <path d={drawn.path} />
        </svg>
      ) : (
        <div class="skeleton is-qr" />
      )}
    </div>
  )
}

/** Runs of dark cells as one path. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  let path = ''
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const start = x
      while (row[x + 1]) x++
      path += `M${String(start)} ${String(y)}h${String(x - start + 1)}v1H${String(start)}z`
    }
  }
  return path
}
