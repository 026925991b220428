import {
  handshakeRequest,
  RawSocket,
  type RawHandshake,
  type RawResponse,
} from "./raw-socket.ts";
import type { TestServer } from "./start-test-server.ts";

/** What the server answers to this request for a WebSocket. */
export async function shakeHands(
  server: Pick<TestServer, "port">,
  handshake: RawHandshake = {},
): Promise<RawResponse> {
  const socket = await RawSocket.connect(server);
  socket.write(handshakeRequest(server, handshake));
  const response = await socket.response();
  socket.close();
  return response;
}

/** The error's code in a refusal over HTTP. */
export function codeOf({ body }: RawResponse): string {
  return (JSON.parse(body) as { error: { code: string } }).error.code;
}
