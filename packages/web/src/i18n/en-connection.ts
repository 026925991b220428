/** The texts of the connection panel; also in zh-connection.ts. */
export const enConnection = {
  // Connection
  address: "Address",
  transport: "Transport",
  subprotocol: "Subprotocol",
  node: "Node",
  roundTrip: "Round trip",
  notMeasured: "not measured yet",
  connectedSince: "Connected since",
  reconnects: "Reconnects",
  frames: "Frames",
  frameIn: "received",
  frameOut: "sent",
  pause: "Pause",
  goOn: "Go on",
  copyFrames: "Copy frames",
  streams: "Streams in sync",
  stream: "Stream",
  streamsHelp:
    "Every room is a log whose events are numbered 1, 2, 3 … without holes. This is the last number that this page has of each. After a break it asks for what comes after that, so nothing is missing and nothing comes twice.",
  handshake: "Handshake",
  noHandshake: "The server has not told what the handshake looked like.",
  handshakeHelp:
    "A WebSocket begins as an HTTP request that asks to be upgraded. The server agrees with status 101, and from then on both sides send frames over the same connection, whenever they like.",
  request: "The browser asked",
  response: "The server answered",
  acceptTitle: "How Sec-WebSocket-Accept follows from the key",
  acceptKey: "The browser made 16 random bytes and sent them in Base64:",
  acceptGuid: "The server appends the text that RFC 6455 fixes for this:",
  acceptSha1: "It takes the SHA-1 of that, 20 bytes, here in hexadecimal:",
  acceptBase64: "In Base64 they are:",
  acceptEqual: "✓ The server's header is the same:",
  acceptDiffers: "The server's header differs:",
  acceptWhy:
    "It is no secret and protects nothing. It shows that the other side knows WebSocket, and that no cache in between answered for it.",
  heartbeat: "Ping and pong",
  heartbeatFrames:
    "RFC 6455 has ping (opcode 0x9) and pong (0xA) frames. The server sends pings, and the browser answers by itself; a page never gets to see them.",
  heartbeatApp:
    'A page cannot send such pings either. So the server also says {"type":"ping"} in an ordinary frame when nothing else passed for 25 seconds, and this page answers {"type":"pong"}. After 35 seconds of silence it takes the line for dead and connects again.',
};
