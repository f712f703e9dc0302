// Type-aware lint. It runs on TypeScript 6 (here, beside its own lockfile) because typescript-eslint cannot read 7 yet;
// what it checks is the same source that `tsc -b` of TypeScript 7 checks.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import tseslint from 'typescript-eslint'
import { lares } from './lint-rules.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const LONGEST_FILE = 400
const LONGEST_FUNCTION = 60
const LONGEST_TEST_FUNCTION = 120
const LONGEST_MAIN = 80

const bareError = {
  selector: "ThrowStatement > NewExpression[callee.name='Error']",
  message:
    'Throw a LaresError with a kind (core/errors.ts): the kind decides status, log level and what a person reads.',
}
const ownTime = 'comes in as an argument (core/clock.ts), so that tests own it.'
const outsideWorld = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: `Time ${ownTime}` },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: `Time ${ownTime}` },
  { selector: "MemberExpression[object.name='performance'][property.name='now']", message: `Time ${ownTime}` },
  { selector: 'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate)$/]', message: `A timer ${ownTime}` },
  {
    selector: "CallExpression[callee.name='fetch']",
    message: 'The network comes in as an argument, so that tests need none.',
  },
  { selector: 'ImportDeclaration[source.value=/^(node:)?timers/]', message: `A timer ${ownTime}` },
]

const size = (functionLines) => ({
  'max-lines': ['error', { max: LONGEST_FILE, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: functionLines, skipBlankLines: false, skipComments: false, IIFEs: true }],
})

export default [
  { ignores: ['**/node_modules/**', '**/dist/**', '.cache/**', 'data/**', '.out/**', 'coverage/**'] },
  {
    files: ['appliance/src/**/*.ts', 'pwa/**/*.{ts,tsx}', 'tests/**/*.ts', 'scripts/**/*.{mjs,ts}'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: root },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@typescript-eslint': tseslint.plugin, lares },
    rules: {
      'lares/exemption-has-reason': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/restrict-plus-operands': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-control-regex': 'error',
      'no-cond-assign': 'error',
      'no-constant-condition': 'error',
      'no-duplicate-case': 'error',
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-loss-of-precision': 'error',
      'no-self-assign': 'error',
      'no-unsafe-finally': 'error',
      'no-unused-expressions': 'error',
      'no-useless-escape': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'off',
      ...size(LONGEST_FUNCTION),
    },
  },
  {
    files: ['scripts/**/*.mjs'],
    rules: { '@typescript-eslint/restrict-plus-operands': 'off', '@typescript-eslint/no-base-to-string': 'off' },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      ...size(LONGEST_TEST_FUNCTION),
      // node:test returns promises from test() and describe() that nobody waits for.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'suite', 'describe', 'before', 'after'], package: 'node:test' },
          ],
        },
      ],
    },
  },
  {
    files: ['appliance/src/**/*.ts'],
    rules: { 'no-console': 'error', 'no-restricted-syntax': ['error', bareError, ...outsideWorld] },
  },
  { files: ['appliance/src/core/**/*.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['appliance/src/cli/**/*.ts', 'appliance/src/main.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['appliance/src/main.ts'],
    rules: { 'max-lines': ['error', { max: LONGEST_MAIN }], 'max-lines-per-function': 'off' },
  },
  { files: ['appliance/src/db/migrations/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
]
