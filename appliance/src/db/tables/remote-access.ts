/** Phones that may come in through WireGuard. Their private keys are never here. */
export interface RemotePeersTable {
  id: string
  /** What the owner calls the phone. */
  name: string
  /** X25519, base64. */
  public_key: string
  /** Sealed with the box's key. */
  preshared_key: string
  /** In the tunnel. */
  address: string
  reach: 'box' | 'home'
  /** User name of who added it. */
  created_by: string | null
  created_at: number
  last_seen_at: number | null
}
