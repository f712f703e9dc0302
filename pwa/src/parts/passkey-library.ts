// Only these two get into the bundle, in a piece of its own.
export { WebAuthnAbortService, startAuthentication, startRegistration } from '@simplewebauthn/browser'
