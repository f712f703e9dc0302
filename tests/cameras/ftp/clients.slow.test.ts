// Other people's FTP clients judge the server: curl, Debian's lftp, ncftp and tnftp, Python's ftplib.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { PASSWORD, startFtpBox, type FtpBox } from './ftp-box.ts'

const run = promisify(execFile)
const LIMIT = { timeout: 20_000 }
let box: FtpBox
let picture: string
let authority: string

before(async () => {
  box = await startFtpBox()
  picture = join(box.root, 'picture.jpg')
  authority = join(box.root, 'box.pem')
  await writeFile(picture, Buffer.alloc(123_456, 'Lares'))
  await writeFile(authority, box.certificate)
})
after(() => box.remove())

const has = (program: string): string | false =>
  ['/usr/bin', '/usr/local/bin', '/bin'].some((folder) => existsSync(join(folder, program)))
    ? false
    : `skipped: no ${program}`

async function sent(name: string): Promise<void> {
  assert.ok((await readFile(join(box.home, name))).equals(await readFile(picture)), name)
}

describe('clients of others', () => {
  const address = (): string => `ftp://127.0.0.1:${String(box.server.port)}`
  const byName = (): string => `ftp://localhost:${String(box.server.port)}`
  const user = `front_door:${PASSWORD}`

  it('curl sends in the clear, makes folders and reads the list', { skip: has('curl') }, async () => {
    await run('curl', ['-sS', '-u', user, '--ftp-create-dirs', '-T', picture, `${address()}/2026/11/curl.jpg`], LIMIT)
    await sent('2026/11/curl.jpg')
    await run('curl', ['-sS', '-u', user, '--disable-epsv', '-T', picture, `${address()}/pasv.jpg`], LIMIT)
    await sent('pasv.jpg')
    const { stdout } = await run('curl', ['-sS', '-u', user, `${address()}/2026/11/`], LIMIT)
    assert.match(stdout, / 123456 \w{3} \d\d \d\d:\d\d curl\.jpg/)
    await assert.rejects(run('curl', ['-sS', '-u', user, `${address()}/pasv.jpg`], LIMIT), /78|550/)
  })

  for (const version of ['1.2', '1.3']) {
    it(`curl sends with TLS ${version}, checking the certificate`, { skip: has('curl') }, async () => {
      const tls = ['--ssl-reqd', '--cacert', authority, `--tlsv${version}`, '--tls-max', version]
      const name = `tls${version}.jpg`
      await run('curl', ['-sS', '-4', ...tls, '-u', user, '-T', picture, `${byName()}/${name}`], LIMIT)
      await sent(name)
    })
  }

  it('lftp sends with TLS, by a temporary name', { skip: has('lftp') }, async () => {
    const script = [
      ...['set ssl:verify-certificate no', 'set ftp:ssl-force true', 'set ftp:ssl-protect-data true'],
      ...['set net:max-retries 1', 'set xfer:use-temp-file yes', 'set xfer:temp-file-name *.tmp'],
      ...[`put ${picture} -o lftp.jpg`, 'ls', 'bye'],
    ]
    const { stdout } = await run('lftp', ['-e', script.join('; '), '-u', user.replace(':', ','), address()], LIMIT)
    assert.match(stdout, /lftp\.jpg/)
    await sent('lftp.jpg')
  })

  it('ncftpput makes folders and sends', { skip: has('ncftpput') }, async () => {
    const login = ['-u', 'front_door', '-p', PASSWORD, '-P', String(box.server.port)]
    await run('ncftpput', [...login, '-V', '-m', '127.0.0.1', '/nc/ftp', picture], LIMIT)
    await sent('nc/ftp/picture.jpg')
  })

  it('tnftp sends', { skip: has('tnftp') }, async () => {
    const target = `ftp://${user}@127.0.0.1:${String(box.server.port)}/tnftp.jpg`
    await run('tnftp', ['-u', target, picture], LIMIT)
    await sent('tnftp.jpg')
  })

  it('Python’s ftplib does it all, with TLS', { skip: has('python3') }, async () => {
    const script = `
import ftplib, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[3])
ftp = ftplib.FTP_TLS(context=context)
ftp.connect('localhost', int(sys.argv[1]), timeout=10)
ftp.login('front_door', sys.argv[2])
ftp.prot_p()
ftp.mkd('py')
ftp.cwd('py')
ftp.storbinary('STOR a.tmp', open(sys.argv[4], 'rb'))
ftp.rename('a.tmp', 'a.jpg')
print(ftp.nlst(), ftp.size('a.jpg'), ftp.pwd())
print(ftp.quit())
`
    const args = ['-c', script, String(box.server.port), PASSWORD, authority, picture]
    const { stdout } = await run('python3', args, LIMIT)
    assert.match(stdout, /^\['a\.jpg'\] 123456 \/py\n221/)
    await sent('py/a.jpg')
  })
})
