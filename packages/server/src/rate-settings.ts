import { parseRate } from "./limits/rate.ts";
import { setting } from "./setting.ts";

/** How often what may happen: a part of the settings (config.ts). */
export const rateSettings = {
  joinRate: setting(
    "PARLEY_JOIN_RATE",
    "1/s burst 60",
    "Guests joining per address: a classroom behind one address gets in.",
    parseRate,
  ),
  signInRate: setting(
    "PARLEY_SIGN_IN_RATE",
    "10/min burst 20",
    "Passwords tried per address.",
    parseRate,
  ),
  accountRate: setting(
    "PARLEY_ACCOUNT_RATE",
    "0.17/s burst 3",
    "Accounts made per address …",
    parseRate,
  ),
  accountDayRate: setting(
    "PARLEY_ACCOUNT_DAY_RATE",
    "20/day burst 20",
    "… and over a day.",
    parseRate,
  ),
  profileRate: setting(
    "PARLEY_PROFILE_RATE",
    "20/h burst 20",
    "Changes of one's own name, user name or address per person.",
    parseRate,
  ),
  handshakeRate: setting(
    "PARLEY_HANDSHAKE_RATE",
    "1/s burst 60",
    "New WebSocket connections without a session cookie, per address.",
    parseRate,
  ),
  resumeRate: setting(
    "PARLEY_RESUME_RATE",
    "50/s burst 500",
    "New WebSocket connections with a session cookie, per address.",
    parseRate,
  ),
  frameRate: setting(
    "PARLEY_FRAME_RATE",
    "20/s burst 50",
    "Objects received per connection. Ten seconds of more end it with 4129.",
    parseRate,
  ),
  controlRate: setting(
    "PARLEY_CONTROL_RATE",
    "10/s burst 20",
    "WebSocket pings and pongs received per connection; more end it with 4129.",
    parseRate,
  ),
  messageRate: setting(
    "PARLEY_MESSAGE_RATE",
    "2/s burst 20",
    "Messages per person.",
    parseRate,
  ),
  roomMessageRate: setting(
    "PARLEY_ROOM_MESSAGE_RATE",
    "50/s burst 100",
    "Messages per room, from everybody together.",
    parseRate,
  ),
  roomCreateRate: setting(
    "PARLEY_ROOM_CREATE_RATE",
    "20/h burst 20",
    "Rooms made per person.",
    parseRate,
  ),
  roomJoinRate: setting(
    "PARLEY_ROOM_JOIN_RATE",
    "0.1/s burst 10",
    "Rooms joined or left per person.",
    parseRate,
  ),
  roomChangeRate: setting(
    "PARLEY_ROOM_CHANGE_RATE",
    "1/s burst 30",
    "Invitations into rooms, removals and changes of rooms per person.",
    parseRate,
  ),
  directRate: setting(
    "PARLEY_DIRECT_RATE",
    "20/h burst 20",
    "Direct conversations opened per person.",
    parseRate,
  ),
  invitationRate: setting(
    "PARLEY_INVITATION_RATE",
    "50/day burst 50",
    "Invitations made per person.",
    parseRate,
  ),
  linkRate: setting(
    "PARLEY_LINK_RATE",
    "1/s burst 60",
    "Invitations looked at and setup links tried, per address.",
    parseRate,
  ),
  searchRate: setting(
    "PARLEY_SEARCH_RATE",
    "3/s burst 30",
    "Searches among all people per person: each looks at everybody's name.",
    parseRate,
  ),
  readMarkRate: setting(
    "PARLEY_READ_MARK_RATE",
    "5/s burst 20",
    "Read marks and the like per person.",
    parseRate,
  ),
  requestRate: setting(
    "PARLEY_REQUEST_RATE",
    "20/s burst 200",
    "API requests over HTTP per person.",
    parseRate,
  ),
};
