/** Nothing here needs a longer address: 414, for a page and for a WebSocket alike. */
export const urlCharsMax = 2_048;
