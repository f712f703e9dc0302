// What judging sends and gets: types only, so that no schema code gets into the bundle.
export type { Assessment, Expectation, ExpectationBody, LanguageOpinion } from '../../appliance/src/api/risk.ts'
export type { PromptReply, Risk, RiskFactor, Verdict, Weekday } from '../../appliance/src/api/risk.ts'
