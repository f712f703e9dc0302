export interface Credentials {
  username: string
  password: string
}

/** Where the device's services are; null where it has none. */
export interface Services {
  media: string | null
  media2: string | null
  events: string | null
}
