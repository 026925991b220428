import type { closeCodes } from "@parley/protocol";
import type { ServerWebSocket } from "bun";

/** Bun's side of a socket. */
export type Ws = ServerWebSocket<SocketData>;

/** What the socket server knows of a socket, whichever protocol it speaks. */
export interface Socket {
  /** The heartbeat's second in which it was last heard. */
  heardAt: number;
  /** Whether it answers our own ping; the simple wire only knows RFC 6455's. */
  readonly speaksParley: boolean;
  /** Whether hello was said, where it has to be. */
  readonly isGreeted: boolean;
  /** Accepted and not yet answered. */
  readonly pendingCommands: number;
  opened(ws: Ws, token: string | undefined): Promise<void>;
  receive(data: string | Buffer): void;
  heardControl(): void;
  drained(): void;
  /** It is far behind: what may get lost is not sent to it … */
  holdSignals(): void;
  /** … until it has caught up. */
  releaseSignals(): void;
  closed(): void;
  close(
    code: (typeof closeCodes)[keyof typeof closeCodes],
    reason?: string,
  ): void;
  terminate(): void;
}

/** Bun keeps this with each socket. No request, no headers: they would stay in memory. */
export interface SocketData {
  socket: Socket;
  /** The session's secret, until the socket is open. */
  token: string | undefined;
  /** Under which address it is counted, and as which kind. */
  address: string;
  hasCookie: boolean;
  /** The heartbeat's slot. */
  slot: number;
}
