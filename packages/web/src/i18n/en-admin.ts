import { plural } from "./plural.ts";

/** The texts of the administration; also in zh-admin.ts. */
export const enAdmin = {
  // Everywhere
  admin_people: "People",
  admin_invitations: "Invitations",
  admin_rooms: "Rooms",
  admin_settings: "Settings",
  admin_outbound: "What leaves this machine",
  admin_log: "Log",
  backToChat: "Back to the chat",
  adminNothing: "There is nothing here that you may see.",
  showMore: "Show more",
  isOn: "On",
  isOff: "Off",

  // People
  addPerson: "Add a person",
  addPersonHelp:
    "They get an account, and from you a link to choose a password.",
  addedOnce: (name: string, time: string) =>
    `Give this link to ${name}: it is shown only now and good until ${time}.`,
  peopleCount: (count: number) => plural(count, "person", "people"),
  boundGuest: "Guest of a room",
  neverSeen: "never here",
  lastSeen: (time: string) => `last here ${time}`,
  role: "Role",
  changeRole: "Change role",
  roleOf: (name: string) => `Role of ${name}`,
  roleHelp_owner: "All of it, and who else is an owner.",
  roleHelp_administrator: "People, rooms, settings and the log.",
  roleHelp_moderator:
    "Invites, suspends, deletes messages, looks after public rooms.",
  roleHelp_member: "Talks, makes rooms, invites people into rooms.",
  makeResetLink: "Link for a new password",
  resetOf: (name: string) => `New password for ${name}`,
  resetHelp:
    "You get a link to give to them. Once they use it, they are signed out everywhere else.",
  resetOnce: (time: string) =>
    `This link is shown only now. It can be used once, until ${time}.`,
  sessionsOf: "Sessions",
  sessionsOfPerson: (name: string) => `Where ${name} is signed in`,
  noSessions: "Nowhere.",
  signOutEverywhere: "Sign out everywhere",
  signedOutOf: (count: number) =>
    `${plural(count, "session has", "sessions have")} ended.`,
  suspend: "Suspend",
  suspendAsk: (name: string) => `Suspend ${name}?`,
  suspendHelp:
    "They are signed out at once and cannot come back until somebody restores them. What they said stays.",
  restorePerson: "Restore",
  restoreAsk: (name: string) => `Restore ${name}?`,
  restorePersonHelp: "They can sign in again and find everything as it was.",

  // Invitations
  invitationsHelp: "Links that let people in. Whoever has one can use it.",
  newInvitation: "New invitation",
  noInvitations: "No link is open.",
  endedInvitations: (count: number) =>
    `${count} used up, run out or taken back`,
  guestOf: (rooms: string) => `Guest, only of ${rooms}`,
  roleInRooms: (role: string, rooms: string) => `${role} in ${rooms}`,
  madeBy: (name: string, time: string) => `by ${name}, ${time}`,
  expiresAt: (time: string) => `until ${time}`,
  neverExpires: "does not run out",
  revokedAt: (time: string) => `taken back ${time}`,
  usedTimes: (count: number) => `used ${plural(count, "time", "times")}`,
  usesLeft: (count: number) => `${count} left`,
  revoke: "Take back",

  // Rooms
  roomsHelp:
    "All rooms but conversations. You see their names here, not what is said in them.",
  defaultMark: "for newcomers",
  makeDefault: "Put newcomers into it",
  endDefault: "No longer for newcomers",

  // Settings
  roomsBy: "Who makes rooms",
  roomsBy_everybody: "Everybody, also guests",
  roomsBy_members: "Members",
  roomsBy_moderators: "Moderators",
  roomsBy_administrators: "Administrators",
  placePresence: "Show who is here",
  placePresenceHelp: "Off, nobody is told who is online.",

  // What leaves this machine
  outboundHelp:
    "The page asks only this server. This is all that the server asks of others.",
  outbound_gravatar: "Gravatar",
  outboundWhy_gravatar:
    "Pictures of people, asked for by the server with a hash of their address (PARLEY_GRAVATAR).",
  outbound_postgres: "PostgreSQL",
  outboundWhy_postgres:
    "Keeps everything, instead of the data folder (PARLEY_DATABASE_URL).",
  outbound_nats: "NATS",
  outboundWhy_nats:
    "How the nodes of this place tell each other what was said (PARLEY_NATS_URL).",

  // Log
  logHelp: "What those who run this place did. Never what somebody said.",
  emptyLog: "Nothing yet.",
  aRoom: "a room",
  theOperator: "The command line",
  act_claimed: (who: string) => `${who} set up this place.`,
  act_changed: (who: string, what: string) => `${who} changed: ${what}.`,
  act_added: (who: string, whom: string, role: string) =>
    `${who} added ${whom} (${role}).`,
  act_role: (who: string, whom: string, role: string) =>
    `${who} changed the role of ${whom}: ${role}.`,
  act_suspended: (who: string, whom: string) => `${who} suspended ${whom}.`,
  act_restored: (who: string, whom: string) => `${who} restored ${whom}.`,
  act_reset: (who: string, whom: string) =>
    `${who} made a link for a new password of ${whom}.`,
  act_signedOut: (who: string, whom: string) =>
    `${who} signed ${whom} out everywhere.`,
  act_invited: (who: string, role: string) =>
    `${who} made an invitation (${role}).`,
  act_revoked: (who: string) => `${who} took an invitation back.`,
  act_roomChanged: (who: string, room: string) => `${who} changed ${room}.`,
  act_roomPrivate: (who: string, room: string) =>
    `${who} made ${room} private.`,
  act_roomPublic: (who: string, room: string) => `${who} made ${room} public.`,
  act_archived: (who: string, room: string) => `${who} archived ${room}.`,
  act_roomRestored: (who: string, room: string) => `${who} restored ${room}.`,
  act_default: (who: string, room: string) =>
    `${who} puts newcomers into ${room}.`,
  act_noDefault: (who: string, room: string) =>
    `${who} no longer puts newcomers into ${room}.`,
  act_removed: (who: string, whom: string, room: string) =>
    `${who} removed ${whom} from ${room}.`,
  act_moderator: (who: string, whom: string, room: string) =>
    `${who} made ${whom} moderator of ${room}.`,
  act_noModerator: (who: string, whom: string, room: string) =>
    `${who} made ${whom} no longer moderator of ${room}.`,
  act_deleted: (who: string, whom: string, room: string) =>
    `${who} deleted a message of ${whom} in ${room}.`,
};
