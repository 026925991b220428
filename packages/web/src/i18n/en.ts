import { plural } from "./plural.ts";

/**
 * The texts that the page begins with. A new one is added here, and then in
 * zh.ts; what opens later has its texts in en-more.ts and en-admin.ts.
 */
export const en = {
  // Everywhere
  close: "Close",
  tryAgain: "Try again",
  today: "Today",
  yesterday: "Yesterday",
  tooFast: (seconds: number) =>
    `That was too fast. Try again in ${plural(seconds, "second", "seconds")}.`,
  tooFastMinutes: (minutes: number) =>
    `That was too often. Try again in ${plural(minutes, "minute", "minutes")}.`,
  unexpected:
    "This did not work, and the page does not know why. Reload it and try again.",
  outdated:
    "This part of the page could not be loaded. Reload the page: there may be a newer version.",
  listComma: ", ",
  sessionEnded: "Your session here has ended. Join again to go on.",
  unreachable: "The server does not answer",
  unreachableHelp:
    "Check your network. This page goes on by itself as soon as there is an answer.",

  // Rooms
  rooms: "Rooms",
  section_favourites: "Favourites",
  section_rooms: "Rooms",
  section_direct: "Direct messages",
  section_archived: "Archived",
  jumpTo: "Jump to…",
  unread: (count: number) => `${count} unread`,
  createRoom: "New room",
  newDirect: "New message",
  isPrivate: "private",
  isReadOnly: "announcements only",
  isArchived: "archived",
  isMuted: "muted",
  emptyDirect: "Nobody else",
  online: "online",
  away: "away",
  browseRooms: "Browse rooms",
  backToRooms: "Back to rooms",
  roomGone: (room: string) => `You are not in ${room} any more.`,
  roomMenu: "Options of this room",
  details: "Details",
  memberCount: (count: number) => plural(count, "member", "members"),

  // Timeline
  timelineOf: (room: string) => `Messages in ${room}`,
  lobbyBegins:
    "Here everybody meets. Say hello: what you write is seen at once and kept.",
  roomBegins: "This is where the room begins. Nothing was said before.",
  privateBegins:
    "This is where the room begins. Only those who are in it see what is said.",
  directBegins:
    "This is where your conversation begins. Only those who are in it see what is said.",
  newLine: "New",
  newMessages: (count: number) => plural(count, "new message", "new messages"),
  newMessagesAtLeast: (count: number) => `${count}+ new messages`,
  toNewest: "To the newest",
  waiting: "Waiting to be sent",
  notSent: "Not sent.",
  retry: "Retry",
  discard: "Discard",
  showAll: "Show all of it",
  messageDeleted: "Message deleted",
  messageMenu: "Options of this message",
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
  emoji: "Emoji",

  // Connection
  ownMenu: "You and your settings",
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
};
