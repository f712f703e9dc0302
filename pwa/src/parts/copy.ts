import { showToast } from '../state/toasts.ts'
import { t } from '../text/index.ts'

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    showToast({ tone: 'done', text: t.shell.copied })
  } catch {
    showToast({ tone: 'problem', text: t.shell.copyFailed })
  }
}
