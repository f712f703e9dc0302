import { createHardware, createTools, readMachine, type MachineReading } from '../../hardware/index.ts'
import { fact, good, warning, type Examine, type Finding } from './finding.ts'

/** What the box is, what could speed it up, and how warm it is. */
export const examineMachine: Examine = async ({ input: { clock, log } }) => {
  const tools = createTools({ clock, log })
  const { board, cpu, memoryMb, accelerators, decoders } = await createHardware({ tools }).probe()
  const { reading } = await readMachine('/', tools, null, clock.now())
  const found = [...accelerators, ...decoders].map(({ name, ready, fix }) =>
    ready ? good(name, 'Ready.') : warning(name, 'Found, not ready.', fix),
  )
  const none = fact('Accelerators', 'None found. The processor does the seeing.')
  return [
    fact('Box', `${board}; ${cpu.model}, ${cpu.cores} cores; ${(memoryMb / 1_024).toFixed(1)} GB`),
    ...(accelerators.length === 0 ? [none] : []),
    ...found,
    ...conditionOf(reading),
  ]
}

export function conditionOf({ temperatures, throttling }: MachineReading): Finding[] {
  const heat = temperatures.map(({ name, celsius, limitCelsius }) => {
    const words = `${Math.round(celsius)} °C`
    if (celsius < limitCelsius) return good(`${name}, temperature`, words)
    return warning(`${name}, temperature`, `${words}: too hot.`, 'Give it air, or a fan.')
  })
  if (!throttling) return heat
  const supply = 'Use the maker’s own power supply and a short cable.'
  if (throttling.underVoltage) return [...heat, warning('Power', 'The voltage drops at this moment.', supply)]
  if (throttling.isSlowed) return [...heat, warning('Power', 'The box is slowed down because of heat or its supply.')]
  if (throttling.hadUnderVoltage)
    return [...heat, warning('Power', 'The voltage has dropped since it was switched on.', supply)]
  return [...heat, good('Power', 'Steady.')]
}
