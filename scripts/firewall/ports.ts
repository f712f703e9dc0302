const WELL_KNOWN = 1_024

/** Where something is likely to listen: all that only root may open, and what households run above. */
export const TCP_PORTS: readonly number[] = [
  ...Array.from({ length: WELL_KNOWN }, (_, index) => index + 1),
  ...[1883, 2121, 3000, 3306, 5000, 5272, 5432, 6379, 8000, 8080, 8091, 8095, 8443, 8554, 8883, 9000, 9999, 11_434],
]
export const UDP_PORTS: readonly number[] = [53, 67, 123, 161, 1900, 5353, 9999, 20_002, 51_820]

/** Those on which something really listens while a rule set is tried; the others would refuse. */
export const SERVED_TCP: readonly number[] = [22, 80, 443, 2121, 5432, 8443]
