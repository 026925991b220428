// The public door: plain values and types. The schemas (and with them zod) are
// behind `@parley/protocol/catalog`, so that a page does not carry them.
export { afterClose, closeCodes, type AfterClose } from "./close-codes.ts";
export {
  errors,
  isErrorCode,
  ParleyError,
  type ErrorCode,
  type Remedy,
} from "./errors.ts";
export {
  joinFrame,
  parseFrame,
  readFrame,
  type FrameObject,
  type ParsedFrame,
} from "./frame.ts";
export { limits, type Limits } from "./limits.ts";
export {
  normalizeName,
  objectionToEmail,
  objectionToName,
  objectionToRoomName,
} from "./names.ts";
export { codePoints, objectionToText } from "./text.ts";
export {
  isAtLeast,
  mayGrant,
  mayInPlace,
  mayInRoom,
  mayMakeRooms,
  makersOfRooms,
  placeRights,
  roleOf,
  roles,
  roomRights,
  standsAbove,
  type Actor,
  type MakersOfRooms,
  type PlaceRight,
  type Role,
  type RoomRight,
} from "./rights.ts";
export { revisions, subprotocol, version } from "./version.ts";
export type {
  Act,
  Answer,
  AnswerOf,
  CheckedParams,
  CommandName,
  CommandParams,
  CommandResult,
  Event,
  EventData,
  EventName,
  EventOf,
  Handshake,
  JoinMode,
  Me,
  Person,
  PlaceSettings,
  Preferences,
  PresenceState,
  QuestionName,
  QuestionParams,
  Rank,
  RoomKind,
  RoomSummary,
  Signal,
  SimpleMessage,
} from "./catalog.ts";
