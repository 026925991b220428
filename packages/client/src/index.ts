// The public door.
export type { Chat, DirectoryEntry } from "./chat.ts";
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
export { joinServer, leaveServer, serverInfo, whoAmI } from "./http.ts";
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
