import assert from 'node:assert/strict'
import { it } from 'node:test'
import { cameraStreamArgs, concatList, cutArgs, previewArgs } from '../../appliance/src/media/ffmpeg-args.ts'

const rtsp = { kind: 'rtsp', url: 'rtsp://u:p@cam/a', transport: 'tcp' } as const

it('one process makes pictures and segments: picks before it scales, copies what it records', () => {
  const args = cameraStreamArgs({ source: rtsp, framesPerSecond: 5, maxWidth: 640, segmentFolder: '/data/100%/b' })
  assert.deepEqual(args, [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info', '-filter_threads', '1'],
    ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-fpsprobesize', '0', '-analyzeduration', '3000000'],
    ...['-protocol_whitelist', 'rtsp,rtp,tcp,udp', '-rtsp_transport', 'tcp', '-allowed_media_types', 'video'],
    ...['-timeout', '10000000', '-threads', '1', '-i', 'rtsp://u:p@cam/a'],
    ...['-map', '0:v:0', '-an', '-sn', '-vf'],
    "select='isnan(prev_selected_t)+gte(abs(t-prev_selected_t),0.180)'," +
      "scale=w='trunc(min(640,iw)/2)*2':h='trunc(ih*min(640,iw)/iw/2)*2':flags=fast_bilinear",
    ...['-pix_fmt', 'yuv420p', '-vsync', 'passthrough', '-f', 'yuv4mpegpipe', 'pipe:1'],
    ...['-map', '0:v:0', '-an', '-sn', '-c', 'copy', '-f', 'segment', '-segment_time', '2'],
    ...['-segment_format', 'mpegts', '-strftime', '1', '/data/100%%/b/%s.ts'],
  ])
})

it('a file plays in real time for ever, may be no play list, and opens nothing but files', () => {
  const args = cameraStreamArgs({ source: { kind: 'file', path: '/-i/film.mp4' }, framesPerSecond: 5, maxWidth: 640 })
  const at = args.indexOf('-i')
  assert.equal(args[at + 1], 'file:/-i/film.mp4')
  assert.deepEqual(args.slice(args.indexOf('-re'), args.indexOf('-re') + 3), ['-re', '-stream_loop', '-1'])
  assert.equal(args[args.indexOf('-protocol_whitelist') + 1], 'file')
  assert.doesNotMatch(args[args.indexOf('-format_whitelist') + 1] ?? '', /hls|concat|sdp|image2|lavfi/)
  assert.ok(!args.includes('segment'))
})

it('a preview is one picture', () => {
  const args = previewArgs({ kind: 'file', path: '/film.mp4' }, 640)
  assert.equal(args[args.indexOf('-frames:v') + 1], '1')
  assert.ok(!args.includes('-re'))
})

it('a cut copies, or encodes as H.264, and puts the index first', () => {
  const common = { listFile: '/d/l.txt', outputFile: '/d/o.mp4', durationMs: 12_345 }
  const copied = cutArgs({ ...common, copy: true })
  assert.deepEqual(copied.slice(copied.indexOf('-t')), [
    ...['-t', '12.345', '-c', 'copy', '-movflags', '+faststart', '-progress', 'pipe:1', '-f', 'mp4', 'file:/d/o.mp4'],
  ])
  assert.ok(cutArgs({ ...common, copy: false }).includes('libx264'))
})

it('a list for cutting quotes what needs it', () => {
  const list = concatList([{ path: "/it's/1.ts", durationMs: 2_001 }])
  assert.equal(list, "ffconcat version 1.0\nfile '/it'\\''s/1.ts'\nduration 2.001\n")
})
