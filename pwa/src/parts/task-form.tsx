import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import type { ButtonProps } from './button.tsx'
import type { Task } from './form.ts'
import { ErrorNote } from './states.tsx'

export interface TaskFormProps extends Pick<ButtonProps, 'look' | 'icon' | 'wide'> {
  /** What a press starts: its failure stands above the button, which is busy meanwhile. */
  task: Task
  /** Words on the button. */
  send: string
  onSubmit: () => void
  children: ComponentChildren
  /** Other ways on, under the button. */
  after?: ComponentChildren
}

/** Fields that are sent together, by Enter or by the button under them. */
export function TaskForm({ task, send, look = 'main', icon, wide = true, onSubmit, children, after }: TaskFormProps) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      {task.error.value && <ErrorNote error={task.error.value} />}
      <Button type="submit" look={look} wide={wide} busy={task.busy.value} {...(icon ? { icon } : {})}>
        {send}
      </Button>
      {after}
    </form>
  )
}
