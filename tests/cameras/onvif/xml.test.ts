import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { child, escapeXml, everywhere, readXml, textAt } from '../../../appliance/src/cameras/onvif/xml.ts'

const refused = (text: string): void =>
  assert.throws(() => readXml(text), { kind: 'invalid', code: 'bad-answer' }, text.slice(0, 60))

describe('reading XML', () => {
  it('knows namespaces, attributes, CDATA, comments and the five entities', () => {
    const root = readXml(
      '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<a:one xmlns:a="urn:a" xmlns="urn:b" k=\'1 &amp; 2\'><!-- no <tags> --><two x:k="3" xmlns:x="urn:x"> &lt;é&#x41;&#66; <![CDATA[<raw&>]]> </two><a:three/></a:one >\n',
    )
    assert.deepEqual([root.space, root.name, root.attributes.get('k')], ['urn:a', 'one', '1 & 2'])
    const two = child(root, 'two')
    assert.deepEqual([two?.space, two?.text, two?.attributes.get('k')], ['urn:b', '<éAB <raw&>', '3'])
    assert.equal(child(root, 'three')?.space, 'urn:a')
    assert.equal(textAt(root, 'nothing', 'there'), '')
  })

  it('keeps the declarations of namespaces to where they are', () => {
    refused('<a><b xmlns:x="urn:x"><x:c/></b><x:d/></a>')
  })

  it('gives back what was written', () => {
    const text = 'pä$$ <&>"\' ]]> \u{1f600}\n\ttab'
    assert.equal(readXml(`<a k="${escapeXml(text)}"/>`).attributes.get('k'), text)
    assert.equal(readXml(`<a>${escapeXml(`x\u0000${text}`)}</a>`).text, `x${text}`)
  })

  const bad = {
    'a DTD': '<!DOCTYPE a><a/>',
    'a billion laughs': '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>',
    'a file as entity': '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    'an unknown entity': '<a>&nbsp;</a>',
    'a lone ampersand': '<a>fish & chips</a>',
    'a processing instruction': '<a><?php x?></a>',
    'half surrogates': '<a>&#xD800;</a>',
    'a character of 0': '<a>&#0;</a>',
    'crossed tags': '<a><b></a></b>',
    'two roots': '<a/><b/>',
    'text outside': '<a/>x',
    'no end': '<a><b></b>',
    'no beginning': '</a>',
    'an attribute twice': '<a k="1" k="2"/>',
    'an attribute without quotes': '<a k=1/>',
    'a less-than sign in an attribute': '<a k="<"/>',
    'an unexplained prefix': '<x:a/>',
    'an endless comment': '<a><!-- ',
    'an endless tag': `<a ${'k '.repeat(50_000)}`,
    nothing: '',
    'control characters': '<a>\u0001</a>',
    depth: '<a>'.repeat(65) + '</a>'.repeat(65),
    'too many elements': `<a>${'<b/>'.repeat(20_001)}</a>`,
    'too many attributes': `<a ${Array.from({ length: 65 }, (_, index) => `k${index}=""`).join(' ')}/>`,
    size: `<a>${'x'.repeat(1024 * 1024)}</a>`,
  }
  for (const [words, text] of Object.entries(bad)) it(`refuses ${words}`, () => refused(text))

  it('never throws anything else, whatever one byte becomes', () => {
    const good = '<?xml version="1.0"?><s:E xmlns:s="u"><s:B a="1">&amp;<![CDATA[x]]><!--c--></s:B></s:E>'
    for (let at = 0; at < good.length; at++)
      for (const put of ['<', '>', '&', '"', '\0', '', '/', '!', ' ']) {
        try {
          everywhere(readXml(good.slice(0, at) + put + good.slice(at + 1)), 'B')
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'bad-answer')
        }
      }
  })
})
