/** Every text of the page. A new one is added here, and then in zh.ts. */
export const en = {
  // Everywhere
  cancel: "Cancel",
  close: "Close",
  copied: "Copied.",
  tryAgain: "Try again",
  you: "you",
  bot: "bot",
  today: "Today",
  yesterday: "Yesterday",
  tooFast: (seconds: number) =>
    `That was too fast. Try again in ${plural(seconds, "second", "seconds")}.`,
  unexpected:
    "This did not work, and the page does not know why. Reload it and try again.",

  outdated:
    "This part of the page could not be loaded. Reload the page: there may be a newer version.",

  // At the door
  joinLead: "Say who you are, and join the conversation.",
  email: "E-mail",
  emailMissing: "Please enter your e-mail address.",
  name: "Name",
  namePlaceholder: "How others will see you",
  nameMissing: "Please enter your name.",
  join: "Join",
  joining: "Joining…",
  emailUse:
    "Your address stays on this server. Other people here don't see it.",
  sessionEnded: "Your session here has ended. Join again to go on.",
  unreachable: "The server does not answer",
  unreachableHelp:
    "Check your network. This page goes on by itself as soon as there is an answer.",

  // Rooms
  rooms: "Rooms",
  room: "Room",
  jumpTo: "Jump to…",
  unread: (count: number) => `${count} unread`,
  createRoom: "New room",
  createRoomHelp: "Everybody on this server can find it and join.",
  create: "Create room",
  roomName: "Name",
  roomNamePlaceholder: "design, 读书会, release-2",
  roomNameMissing: "Please enter a name for the room.",
  roomNameLong: "A room's name can have up to 80 characters.",
  topic: "Topic",
  topicOptional: "Topic (optional)",
  topicPlaceholder: "What is it about?",
  topicLong: "A topic can have up to 250 characters.",
  browseRooms: "Browse rooms",
  searchRooms: "Search all rooms",
  noRooms: "There is no such room yet.",
  searchOwnRooms: "Name of a room",
  noOwnRoom: "You are in no room of that name.",
  openRoom: "Open",
  joinRoom: "Join",
  backToRooms: "Back to rooms",
  leaveRoom: "Leave room",
  leaveRoomAsk: (room: string) => `Leave ${room}?`,
  leaveRoomHelp:
    "It disappears from your list. You can find it again under Browse rooms and read everything.",
  details: "Details",
  members: "Members",
  memberCount: (count: number) => plural(count, "member", "members"),
  moreMembers: (count: number) => `and ${count} more`,

  // Timeline
  timelineOf: (room: string) => `Messages in ${room}`,
  lobbyBegins:
    "Here everybody meets. Say hello: what you write is seen at once and kept.",
  roomBegins: "This is where the room begins. Nothing was said before.",
  newLine: "New",
  newMessages: (count: number) => plural(count, "new message", "new messages"),
  newMessagesAtLeast: (count: number) => `${count}+ new messages`,
  toNewest: "To the newest",
  waiting: "Waiting to be sent",
  notSent: "Not sent.",
  retry: "Retry",
  discard: "Discard",
  showAll: "Show all of it",
  olderFailed: "Older messages could not be loaded.",
  holeWaiting: "Loading the messages in between…",
  holeFailed: "The messages in between could not be loaded.",
  roomFailed: "The messages of this room could not be loaded.",

  // Composer
  writeTo: (room: string) => (room === "" ? "Message" : `Message ${room}`),
  send: "Send",
  oneTypes: (name: string) => `${name} is typing…`,
  twoType: (first: string, second: string) =>
    `${first} and ${second} are typing…`,
  manyType: "Several people are typing…",

  // Emoji
  emoji: "Emoji",
  searchEmoji: "Search emoji",
  noEmoji: "There is no such emoji.",
  found: "Found",
  recent: "Recently used",
  emojiGroup0: "Smileys",
  emojiGroup1: "People",
  emojiGroup3: "Animals and nature",
  emojiGroup4: "Food and drink",
  emojiGroup5: "Travel and places",
  emojiGroup6: "Activities",
  emojiGroup7: "Objects",
  emojiGroup8: "Symbols",
  emojiGroup9: "Flags",

  // Oneself
  ownMenu: "You and your settings",
  theme: "Theme",
  theme_system: "System",
  theme_light: "Light",
  theme_dark: "Dark",
  language: "Language",
  sendWith: "Send messages with",
  leaveServer: "Leave this server",
  leaveServerHelp:
    "Your session ends on this device. Whoever joins again, under the same name or another, is a new guest.",
  shortcuts: "Keyboard shortcuts",
  keySend: "Send the message",
  keyBreak: "New line",
  keyEmoji: "Emoji by name, as in :wave:",
  keySwitch: "Jump to a room",
  keyNext: "Next room",
  keyPrevious: "Previous room",
  keyRead: "Mark everything here as read (in the messages)",
  keySheet: "This list",

  // Connection
  connection: "Connection",
  connected: "Connected",
  connecting: "Connecting…",
  catchingUp: "Catching up…",
  notConnected: "Not connected",
  stopped: "Stopped",
  reconnecting: "Reconnecting…",
  retryIn: (seconds: number) =>
    `No connection. Next try in ${plural(seconds, "second", "seconds")}.`,
  willBeSent: "What you write will be sent once it is back.",
  waitingToSend: (count: number) =>
    `${plural(count, "message", "messages")} will be sent once it is back.`,
  keepOpen:
    "This device has no room to keep it, so leave this page open until then.",
  tryNow: "Try now",
  reload: "Reload",
  clientTooOld: "The server speaks a newer version. Reload this page.",
  connectionStopped: "The server ended this connection.",
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
  cannotCopy: "The browser does not let this page copy. Mark the text instead.",
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

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
