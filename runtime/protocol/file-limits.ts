/** How much of a content one message has. A file of its own, because a device does not load the forms of the messages. */

/** A slow network carries it within the time of a request. */
export const PUT_BYTES = 256 * 1024
/** Where the network is fast. As base64 it is less than the megabyte that proxies before servers let through. */
export const FAST_PUT_BYTES = 704 * 1024
/** What a slow network carries well within the time of a request. */
export const GET_BYTES = 1024 * 1024
