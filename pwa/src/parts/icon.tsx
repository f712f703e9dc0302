// One stroke set on a 24 px grid. Decorative by default: the words beside it say it; `label` names one that stands alone.
const DRAWINGS = {
  now: 'M3.5 11.2 12 4l8.5 7.2M5.5 9.6V19a1.5 1.5 0 0 0 1.5 1.5h10a1.5 1.5 0 0 0 1.5-1.5V9.6M12 11.2c.7 2 2.6 2.7 2.6 4.7 0 1.5-1.1 2.4-2.6 2.4s-2.6-.9-2.6-2.4c0-1.2.7-1.7 1.2-2.6.8.3 1.4-.6 1.4-2.1Z',
  incidents:
    'M4.5 8.5V6A1.5 1.5 0 0 1 6 4.5h2.5M15.5 4.5H18A1.5 1.5 0 0 1 19.5 6v2.5M19.5 15.5V18a1.5 1.5 0 0 1-1.5 1.5h-2.5M8.5 19.5H6A1.5 1.5 0 0 1 4.5 18v-2.5M12 7.5a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4ZM8 16.8c.4-2.1 1.9-3 4-3s3.6.9 4 3',
  cameras: 'M3.5 8.5 5 4.5l14.5 4-1.6 6L6 13M9 13.8 8 18H4M4 15v6',
  plugs: 'M9 3.5V8M15 3.5V8M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0ZM12 17v3.5',
  more: 'M5.5 10.9a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2ZM12 10.9a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2ZM18.5 10.9a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2Z',
  back: 'm14.5 5-7 7 7 7',
  next: 'm9.5 5 7 7-7 7',
  plus: 'M12 5v14M5 12h14',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  alert: 'M12 4.2 21 19.5H3ZM12 10v4.2M12 16.9v.1',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 11v5M12 8v.1',
  bell: 'M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5ZM10 20.5h4',
  shield: 'M12 3.5 19 6v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6ZM9 12l2.2 2.2L15.2 10',
  chip: 'M7 7h10v10H7ZM10 4v3M14 4v3M10 17v3M14 17v3M4 10h3M4 14h3M17 10h3M17 14h3',
  pulse: 'M3.5 12.5H8l2-6 4 11 2-5h4.5',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20c.8-3.6 3.7-5.3 7.5-5.3s6.7 1.7 7.5 5.3',
  key: 'M15 4.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM11.7 12.3 4.5 19.5M7 17l2 2',
  passkey:
    'M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM3 19.5c.5-3.6 2.7-5.3 6-5.3 1 0 2 .2 2.8.5M17 9a3 3 0 0 0-1.5 5.6v4.9l1.5 1.3 1.8-1.6-1.1-1.3 1.1-1.3-1-1.2A3 3 0 0 0 17 9ZM17 11.2v.1',
  edit: 'M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5Z',
  trash: 'M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5',
  copy: 'M9 9h10.5v10.5H9ZM5 15H4.5V4.5H15V5',
  print: 'M7 9V4.5h10V9M7 16H4.5V9h15v7H17M7 13.5h10v6H7Z',
  phone:
    'M8 3.5h8A1.5 1.5 0 0 1 17.5 5v14a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 19V5A1.5 1.5 0 0 1 8 3.5ZM11 17.5h2',
  share: 'M12 14V3.5M8.5 6.5 12 3l3.5 3.5M7 10.5H5.5V20h13v-9.5H17',
  install: 'M12 4v10.5M8 11l4 4 4-4M5 19.5h14',
  leave: 'M10 4.5H5.5v15H10M10 12h10M16.5 8 20.5 12l-4 4',
  offline: 'M4 4l16 16M8.5 15.5a5 5 0 0 1 5.5-1M5.5 12.2a9.5 9.5 0 0 1 3.7-2.2M12.5 9.3c2.3.2 4.5 1.2 6 2.9M12 19v.1',
  search: 'M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l4.5 4.5',
  thumb: 'M8 11 11.5 4c1.5 0 2 1 2 2.5V10h4.3a1.7 1.7 0 0 1 1.7 2l-1.2 6a1.7 1.7 0 0 1-1.7 1.5H8ZM8 11H4.5v8.5H8',
  frame: 'M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15',
  power: 'M12 4v7.5M7.5 6.5a7.5 7.5 0 1 0 9 0',
} as const

export type IconName = keyof typeof DRAWINGS

export function Icon({ name, label }: { name: IconName; label?: string }) {
  const naming = label ? ({ role: 'img', 'aria-label': label } as const) : ({ 'aria-hidden': true } as const)
  return (
    <svg class="icon" viewBox="0 0 24 24" {...naming}>
      <path d={DRAWINGS[name]} />
    </svg>
  )
}
