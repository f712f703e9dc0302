// Where cameras have their smaller stream when their main one is at a known address. A table; nothing is asked here.

export interface SubStream {
  /** Whose cameras are like this, for the owner. */
  brand: string
  /** The whole address. */
  url: string
}

/** What follows the host, matched anywhere in it → what it is for the smaller stream; first to last of what is likely. */
const ROWS: readonly { brand: string; main: RegExp; subs: readonly string[] }[] = [
  // 101 is the main stream of channel 1, 102 its smaller one; Annke, Ezviz, HiLook and LTS are the same inside.
  { brand: 'Hikvision', main: /(\/(?:ISAPI\/)?Streaming\/(?:Unicast\/)?Channels\/\d*)01(?=$|[/?])/i, subs: ['$102'] },
  { brand: 'Hikvision', main: /(\/(?:h264|h265|mpeg4)\/ch\d+\/)main(?=\/)/i, subs: ['$1sub'] },
  // Amcrest, Imou, Lorex and EmpireTech are the same inside.
  { brand: 'Dahua', main: /(\/cam\/realmonitor\?(?:.*&)?subtype=)0(?=$|&)/i, subs: ['$11'] },
  { brand: 'Reolink', main: /\/h264Preview_(\d+)_main/i, subs: ['/h264Preview_$1_sub'] },
  { brand: 'Reolink', main: /\/h265Preview_(\d+)_main/i, subs: ['/h264Preview_$1_sub', '/h265Preview_$1_sub'] },
  { brand: 'Reolink', main: /\/Preview_(\d+)_main/i, subs: ['/Preview_$1_sub'] },
  { brand: 'TP-Link Tapo and VIGI', main: /\/stream1(?=$|[/?])/i, subs: ['/stream2'] },
  { brand: 'Foscam', main: /\/videoMain(?=$|[/?])/i, subs: ['/videoSub'] },
  { brand: 'Uniview', main: /(\/media\/video)1(?=$|[/?])/i, subs: ['$12'] },
  { brand: 'Uniview', main: /(\/unicast\/c\d+\/s)0(?=\/)/i, subs: ['$11'] },
  { brand: 'Uniview', main: /(\/video)1(?=$|[/?])/i, subs: ['$12'] },
  { brand: 'Xiongmai', main: /([&/?]stream=)0(?=\.sdp|&|$)/i, subs: ['$11'] },
  { brand: 'Vstarcam', main: /(\/(?:tcp|udp)\/av0_)0(?=$|[/?])/i, subs: ['$11'] },
  { brand: 'Sonoff', main: /(\/av_stream\/ch)0(?=$|[/?])/i, subs: ['$11'] },
  { brand: 'TVT', main: /(\/profile)1(?=$|[/?])/i, subs: ['$12'] },
  { brand: 'Avycon', main: /\/main(?=$|[/?])/i, subs: ['/sub'] },
  { brand: 'Thingino', main: /\/ch0(?=$|[/?])/i, subs: ['/ch1'] },
]

const AXIS = /\/axis-media\/media\.amp/i

/** Addresses at which the camera may have a smaller stream, the likeliest first. Same host, port and credentials. */
export function subStreamsOf(url: string): SubStream[] {
  const match = /^([a-z]+:\/\/[^/?#]*)(.*)$/i.exec(url)
  if (!match) return []
  const [, before = '', path = ''] = match
  const fromTable = ROWS.filter(({ main }) => main.test(path)).flatMap(({ brand, main, subs }) =>
    subs.map((sub) => ({ brand, url: before + path.replace(main, sub) })),
  )
  const axis =
    AXIS.test(path) && !/resolution=/i.test(path)
      ? [{ brand: 'Axis', url: `${url}${path.includes('?') ? '&' : '?'}resolution=640x360` }]
      : []
  return [...fromTable, ...axis].filter((each, at, all) => all.findIndex(({ url: other }) => other === each.url) === at)
}
