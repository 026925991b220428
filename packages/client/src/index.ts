// The public door.
export {
  changeMe,
  changePassword,
  claimAccount,
  confirmPassword,
  endOtherSessions,
  endSession,
  joinServer,
  leaveServer,
  listSessions,
  acceptInvitation,
  lookAtInvitation,
  resetPassword,
  serverInfo,
  setUpPlace,
  signIn,
  whoAmI,
  type InvitationLook,
  type Newcomer,
  type PlaceSetup,
  type ServerInfo,
  type SessionEntry,
} from "./account-api.ts";
export {
  administration,
  type ActEntry,
  type Administration,
  type InvitationEntry,
  type InvitationWish,
  type LinkToken,
  type OutboundEntry,
  type PersonEntry,
  type RoomEntry,
} from "./administration-api.ts";
export type {
  Arrangement,
  Chat,
  DirectoryEntry,
  Member,
  RoomChanges,
} from "./chat.ts";
export { connectChat, type ConnectOptions } from "./connect.ts";
export {
  browserEnv,
  type Cancel,
  type Channel,
  type Env,
  type Holder,
  type HttpAnswer,
  type HttpRequest,
  type Socket,
  type SocketListener,
  type Timer,
} from "./env.ts";
export { NetworkError, type Failure } from "./errors.ts";
export { forgetPerson } from "./forget-person.ts";
export { holesOf, oldestOf, runsOf } from "./runs.ts";
export type {
  ChatState,
  ConnectionState,
  FrameRecord,
  Hole,
  HoleEnd,
  Message,
  PendingMessage,
  RoomState,
  Run,
  StopReason,
  Timeline,
  WireReport,
} from "./state.ts";
export {
  memoryStorage,
  type Batch,
  type KeyValueStorage,
  type Records,
  type WriteOutcome,
} from "./storage.ts";
