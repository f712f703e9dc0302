/** One physical device, whatever its address: a single plug, or a strip whose outlets are rows of `plugs`. */
export interface PlugDevicesTable {
  /** Upper case with colons: the identity. */
  mac: string
  /** The device's own name; for a strip, what its outlets have in common. */
  name: string
  model: string
  /** Firmware and hardware version as told; empty until it answered once. */
  firmware: string
  hardware: string
  /** Where it was reached last. */
  host: string
  port: number
  /** JSON of what the last good connection taught: how it is spoken to. Null until then. */
  link: string | null
  /** JSON array of capabilities. */
  can: string
  created_at: number
  updated_at: number
}

/** One outlet: what a person switches. */
export interface PlugsTable {
  id: string
  mac: string
  /** Empty for a single plug, the outlet's own id on a strip. With `mac` the identity. */
  outlet: string
  /** Place on the strip, from 0. */
  position: number
  name: string
  /** 1 when the owner named it: the device's own alias no longer changes it. */
  named: 0 | 1
  room_id: string | null
  notes: string
  /** JSON {file, width, height} in the media folder. */
  picture: string | null
  /** JSON of the last known state {on, reading, seenAt, brightness}. */
  last_state: string | null
  created_at: number
  updated_at: number
}

/** Every address that a device was reached at. */
export interface PlugAddressesTable {
  mac: string
  host: string
  first_seen_at: number
  /** When it moved here last; the newest row is where it is. */
  last_seen_at: number
}

export interface RoomsTable {
  id: string
  name: string
  /** From 0, in the order the app lists them. */
  position: number
  created_at: number
  updated_at: number
}

/** Plugs that are switched together. */
export interface PlugGroupsTable {
  id: string
  name: string
  created_at: number
  updated_at: number
}

export interface PlugGroupMembersTable {
  group_id: string
  plug_id: string
}

/** One tap puts several plugs into a state each. */
export interface PlugScenesTable {
  id: string
  name: string
  created_at: number
  updated_at: number
}

export interface PlugSceneStepsTable {
  scene_id: string
  plug_id: string
  on_state: 0 | 1
  /** Percent; null: as it is. */
  brightness: number | null
}

/** The owner's TP-Link accounts, which newer plugs ask for on the home network. */
export interface PlugAccountsTable {
  id: string
  /** JSON {username, password}, sealed with the secret box, context `plug-account:<id>`. */
  credentials: string
  /** In the order they are tried. */
  position: number
  created_at: number
  updated_at: number
}
