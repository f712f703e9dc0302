/** Ends the builder with one sentence for the owner; nothing that was not the builder's own was changed. */
export class JetsonStop extends Error {}
