export { isWipeDue } from './wipe.ts'
export { readReport, sayProblem, type FirstBootReport } from './report.ts'
