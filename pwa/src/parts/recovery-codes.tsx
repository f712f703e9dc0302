import { t } from '../text/index.ts'
import { Button } from './button.tsx'
import { copyText } from './copy.ts'

/** Codes that are shown once: to copy or to print. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <>
      <ol class="codes print-only-this" aria-label={t.setup.recovery.list}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div class="row-buttons">
        <Button icon="copy" onPress={() => void copyText(codes.join('\n'))}>
          {t.setup.recovery.copy}
        </Button>
        <Button icon="print" onPress={() => print()}>
          {t.setup.recovery.print}
        </Button>
      </div>
    </>
  )
}
