import type { FaultyLink } from "./faulty-link.ts";

/**
 * Connects the far end of a link to the first port that accepts, as a balancer
 * does; when none does, the near end is sent away.
 */
export function connectFirst(ports: readonly number[], link: FaultyLink): void {
  const [port, ...others] = ports;
  if (port === undefined) {
    link.cut("rst");
    return;
  }
  let isConnected = false;
  const failed = (): void => {
    if (!isConnected && !link.isOver) connectFirst(others, link);
  };
  Bun.connect({
    hostname: "127.0.0.1",
    port,
    allowHalfOpen: true,
    socket: {
      open: (far) => {
        isConnected = true;
        link.connected(far);
      },
      data: (_, data) => {
        link.toClient.take(data);
      },
      drain: () => {
        link.toServer.flush();
      },
      end: () => {
        link.toClient.sourceEnded("fin");
      },
      close: () => {
        if (isConnected) link.farClosed();
      },
      error: () => undefined,
    },
  }).catch(failed);
}
