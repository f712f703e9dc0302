import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createPasswordHasher, limitConcurrency } from '../../appliance/src/accounts/passwords/password-hash.ts'
import { passwordProblems } from '../../appliance/src/accounts/passwords/password-policy.ts'
import { COMMON_PASSWORDS } from '../../appliance/src/accounts/passwords/common-passwords.ts'
import { WEAK_WORDS } from '../../appliance/src/accounts/passwords/weak-words.ts'

const ADA = { username: 'ada.lovelace', displayName: 'Ada Lovelace' }
const problems = (password: string): string[] => passwordProblems(password, ADA)
const letters = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 1, maxLength: 20 })

describe('SEC-A2 the password policy', () => {
  test('accepts what a person can remember and a machine cannot guess', () => {
    const good = [
      'Tulpe-9-Kanone-Ofen',
      'Correct-Horse-42-Battery',
      'zk8#Qm!t2VxP',
      'Über-7-Brücken-musst-du',
      '9 Rote!Pinguine lesen',
    ]
    for (const password of good) assert.deepEqual(problems(password), [], password)
  })

  test('refuses the named weak ones and what people make of common words', () => {
    const weak = [
      'security_dev_password',
      'Security_Dev_Password1',
      'password',
      'admin',
      'root',
      'secret',
      'Password1234!',
      'P4ssw0rd2026!!',
      '!!Admin2026!!admin',
      'Sommer2026!!!',
      'Qwertz123456!',
      'Welcome-Home-1!',
      'iLoveYou2026!?',
      'PasswordPassword1!',
      'Liverpool#2026',
      '$3cr3t-$3cr3t-1A',
      'LetMeIn!LetMeIn1',
      'Raspberry-Pi-4!',
      'Aa1!Aa1!Aa1!',
      'Abcdefghij1!',
      'Michael-1985!!',
      'Taylor2026!!',
      '#1-Q1w2e3r4t5!',
      'T4ylor!!!!!!1',
      '2026!Ncc1701!!',
    ]
    for (const password of weak) assert.notDeepEqual(problems(password), [], password)
  })

  test('SEC-A2 refuses every common password, however it is decorated to pass', () => {
    for (const common of COMMON_PASSWORDS) {
      const capital = common.replace(/[a-z]/, (letter) => letter.toUpperCase())
      for (const password of [`${capital}!2026-77`, `#1!${capital}!!!!!!!!`])
        if (/[a-z]/.test(password)) assert.notDeepEqual(problems(password), [], password)
    }
  })

  test('refuses the person’s own name, whatever the letters', () => {
    for (const password of [
      'Xk9#ada.LOVELACEq',
      'Tulpe-9-Lovelace-Ofen',
      'Tulpe-9-L0vel4ce-Ofen',
      'Tulpe-9-Lôvelace-Ofen',
    ])
      assert.ok(problems(password).includes('Leave your name out of it.'), password)
  })

  test('says each thing that is missing', () => {
    assert.deepEqual(problems('tulpekanoneofen').length, 3)
    assert.match(problems('TULPE-9-KANONE').join(), /small letter/)
    assert.match(problems('Tulpe-neun-Kanone').join(), /digit/)
    assert.match(problems('Tulpe9KanoneOfen').join(), /sign/)
    assert.match(problems('Tu9-Kano').join(), /12 characters/)
    assert.match(problems('Tulpe-9-Kanone\nOfen').join(), /control/)
  })

  test('nothing shorter, and nothing without all four kinds, ever passes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (password) => {
        const complete = /\p{Lu}/u.test(password) && /\p{Ll}/u.test(password) && /\p{Nd}/u.test(password)
        if (problems(password).length === 0) assert.ok(Array.from(password).length >= 12 && complete)
      }),
    )
  })

  test('no weak word passes, however it is dressed up', () => {
    const dress = fc.record({
      word: fc.constantFrom(...WEAK_WORDS),
      before: fc.string({ unit: fc.constantFrom(...'0269.-_#?'), maxLength: 8 }),
      after: fc.string({ unit: fc.constantFrom(...'0123456789.-_#?!'), maxLength: 12 }),
      capital: fc.boolean(),
    })
    fc.assert(
      fc.property(dress, ({ word, before, after, capital }) => {
        const written = capital ? `${word.slice(0, 1).toUpperCase()}${word.slice(1)}` : word.toUpperCase()
        assert.notDeepEqual(problems(`${before}${written}${after}`), [])
      }),
      { numRuns: 500 },
    )
  })

  test('three words that are not on the list always pass when they are long enough', () => {
    fc.assert(
      fc.property(letters, letters, letters, (a, b, c) => {
        const known = problems(`${a}X${b}K7-${c}q#`).filter((problem) => /easy to guess/.test(problem))
        if (![a, b, c].some((word) => word.length < 4) && !hasWeakPart(a + b + c)) assert.deepEqual(known, [])
      }),
    )
  })

  test('a long password takes no long time', () => {
    const startedAt = performance.now()
    for (const password of ['a'.repeat(256), 'ab'.repeat(128), 'love'.repeat(64), `${'is'.repeat(127)}9!`])
      problems(password)
    assert.ok(performance.now() - startedAt < 200)
  })
})

const hasWeakPart = (text: string): boolean => [...WEAK_WORDS].some((word) => text.includes(word))

describe('SEC-A3 password hashes', () => {
  test('are argon2id with the parameters of OWASP, salted, and verify', async () => {
    const hasher = createPasswordHasher()
    const [one, two] = await Promise.all([hasher.hash('Tulpe-9'), hasher.hash('Tulpe-9')])
    assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    assert.notEqual(one, two)
    assert.equal(await hasher.verify('Tulpe-9', one), true)
    assert.equal(await hasher.verify('Tulpe-8', one), false)
    assert.equal(await hasher.verify('Tulpe-9', null), false)
  })

  test('of other makers verify too, and nonsense verifies nothing', async () => {
    const hasher = createPasswordHasher()
    // From the tests of the reference implementation (phc-winner-argon2, test.c).
    const reference = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
    assert.equal(await hasher.verify('password', reference), true)
    for (const phc of [
      '',
      'x',
      '$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$nf65',
      reference.replace('m=256', 'm=1'),
      reference.replace('p=1', 'p=0'),
    ])
      assert.equal(await hasher.verify('password', phc), false, phc)
  })

  test('the same letters in another Unicode form are the same password', async () => {
    const hasher = createPasswordHasher()
    assert.equal(await hasher.verify('Bru\u0308cke', await hasher.hash('Br\u00fccke')), true)
  })

  test('queue two hundred at most: the next is told to come back', async () => {
    const limited = limitConcurrency(2, 200)
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const work = Array.from({ length: 202 }, () => limited(() => held))
    await assert.rejects(
      limited(() => held),
      { kind: 'unavailable', code: 'BUSY', retryAfterS: 5 },
    )
    release()
    await Promise.all(work)
    await limited(() => Promise.resolve())
  })

  test('run two at a time, so that the database keeps its threads', async () => {
    const hasher = createPasswordHasher()
    const order: number[] = []
    await Promise.all([0, 1, 2, 3].map((index) => hasher.hash('x').then(() => order.push(index))))
    // The third begins when one is done, the fourth when two are.
    assert.ok(order.indexOf(2) >= 1 && order.indexOf(3) >= 2, order.join(' '))
  })
})
