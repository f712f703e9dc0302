/** What `meta mark` the box's own table lets in (firmware-image/image/overlay/etc/nftables.conf). */
const LET_IN = '0x4c617265'
export const HOTSPOT_TABLE = 'lares_hotspot'
/** Where the page really listens: port 80 of the box is the product's, which nobody on the access point may reach. */
export const PAGE_PORT = 8_085

/**
 * Rules for the time of the access point: addresses (67), names (53) and the page for the Wi-Fi, which answers on port
 * 80 of every address. Everything else that comes in over the radio is refused, and nothing goes through the box.
 *
 * @param device the radio, for example `wlan0`
 */
export function hotspotRules(device: string, pagePort: number = PAGE_PORT): string {
  const name = JSON.stringify(device)
  return `table inet ${HOTSPOT_TABLE}
delete table inet ${HOTSPOT_TABLE}
table inet ${HOTSPOT_TABLE} {
  chain prerouting {
    type nat hook prerouting priority dstnat;
    iifname ${name} tcp dport 80 redirect to :${pagePort}
  }
  chain input {
    type filter hook input priority filter - 10;
    iifname ${name} jump from_phone
  }
  chain from_phone {
    ct state established,related accept
    udp dport { 53, 67 } meta mark set ${LET_IN} accept
    tcp dport 53 meta mark set ${LET_IN} accept
    tcp dport ${pagePort} meta mark set ${LET_IN} accept
    meta l4proto tcp reject with tcp reset
    drop
  }
  chain forward {
    type filter hook forward priority filter - 10;
    iifname ${name} drop
    oifname ${name} drop
  }
}
`
}
