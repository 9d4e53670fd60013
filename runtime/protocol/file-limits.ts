/** How much of a content one message has. A file of its own, because a device does not load the forms of the messages. */

/** Small enough, as base64, for what a proxy before the server lets through. */
export const PUT_BYTES = 256 * 1024
/** The server reads the whole content for each part. */
export const GET_BYTES = 1024 * 1024
