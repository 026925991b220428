// The public door.
export type { Chat, DirectoryEntry } from "./chat.ts";
export { connectChat, type ConnectOptions } from "./connect.ts";
export {
  browserEnv,
  type Cancel,
  type Env,
  type HttpAnswer,
  type HttpRequest,
  type Socket,
  type SocketListener,
  type Timer,
} from "./env.ts";
export { NetworkError, type Failure } from "./errors.ts";
export { joinServer, leaveServer, serverInfo, whoAmI } from "./http.ts";
export {
  memoryOutboxStore,
  type OutboxFailure,
  type OutboxItem,
  type OutboxStore,
} from "./outbox-store.ts";
export type {
  ChatState,
  ConnectionState,
  FrameRecord,
  Message,
  PendingMessage,
  RoomState,
  StopReason,
  Timeline,
  WireReport,
} from "./state.ts";
