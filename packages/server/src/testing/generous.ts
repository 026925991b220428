/**
 * Rates that no test reaches by accident. What a test is about it sets itself;
 * the rates of one connection stay as they are.
 */
export const generous = {
  PARLEY_JOIN_RATE: "100000/s burst 100000",
  PARLEY_SIGN_IN_RATE: "100000/s burst 100000",
  PARLEY_ACCOUNT_RATE: "100000/s burst 100000",
  PARLEY_ACCOUNT_DAY_RATE: "100000/s burst 100000",
  PARLEY_PROFILE_RATE: "100000/s burst 100000",
  PARLEY_HANDSHAKE_RATE: "100000/s burst 100000",
  PARLEY_RESUME_RATE: "100000/s burst 100000",
  PARLEY_REQUEST_RATE: "100000/s burst 100000",
  PARLEY_MESSAGE_RATE: "100000/s burst 100000",
  PARLEY_ROOM_MESSAGE_RATE: "100000/s burst 100000",
  PARLEY_ROOM_CREATE_RATE: "100000/s burst 100000",
  PARLEY_ROOM_JOIN_RATE: "100000/s burst 100000",
  PARLEY_INVITATION_RATE: "100000/s burst 100000",
  PARLEY_LINK_RATE: "100000/s burst 100000",
  PARLEY_SEARCH_RATE: "100000/s burst 100000",
  PARLEY_READ_MARK_RATE: "100000/s burst 100000",
};
