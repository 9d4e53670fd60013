/** Raised when a message changes so that the other side of an older version can't read it. */
export const PROTOCOL_VERSION = 2
