// Short words at the foot of the screen: what just happened, and for ten seconds how to take it back.
import { signal } from '@preact/signals'
import type { ClientError } from '../client-error.ts'

export interface Toast {
  id: number
  tone: 'done' | 'problem'
  text: string
  action?: { label: string; run: () => void }
}

const SHOWN_MS = 10_000
const SHORT_MS = 5_000

export const toasts = signal<readonly Toast[]>([])
let lastId = 0

export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = ++lastId
  // One at a time: the newest is what the person just did.
  toasts.value = [{ ...toast, id }]
  setTimeout(() => closeToast(id), toast.action || toast.tone === 'problem' ? SHOWN_MS : SHORT_MS)
}

export function showFailure(error: ClientError): void {
  if (error.kind === 'cancelled') return
  showToast({ tone: 'problem', text: `${error.message} ${error.remedy}` })
}

export function closeToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}
