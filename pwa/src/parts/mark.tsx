/** The mark: a house with an ember in it. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true">
      <path class="mark-glow" d="M24 6a20 20 0 1 0 0 40 20 20 0 0 0 0-40Z" />
      <path
        class="mark-house"
        d="M8.5 22.5 24 9l15.5 13.5M12 20v17.5a2.5 2.5 0 0 0 2.5 2.5h19a2.5 2.5 0 0 0 2.5-2.5V20"
      />
      <path
        class="mark-ember"
        d="M24.2 20.3c1 3.4 5.4 5.6 5.4 10.1 0 3.3-2.4 5.3-5.6 5.3s-5.6-2-5.6-5.2c0-2.5 1.5-3.9 2.5-5.5.6 1.2 1.2 1.7 2 2.1-.4-2.3-.2-4.7 1.3-6.8Z"
      />
    </svg>
  )
}
