/** Said so often, about. */
const everyMs = 2_000;
const againMs = 500;

/**
 * Somebody in the lobby who talks as the tutorial does, without a subprotocol:
 * comes back when cut off, and remembers nothing.
 */
export function speakSimply(
  url: string,
  name: string,
  isAwake: () => boolean,
): void {
  const address = new URL("/ws", url);
  address.protocol = "ws:";
  const socket = new WebSocket(address);
  const speaking = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN || !isAwake()) return;
    const message = `a word at ${performance.now()}`;
    const said = { email: `${name}@example.org`, username: name, message };
    socket.send(JSON.stringify(said));
  }, everyMs);
  socket.onclose = () => {
    clearInterval(speaking);
    setTimeout(() => {
      speakSimply(url, name, isAwake);
    }, againMs);
  };
}
