// The least that Bun can do: hand on what comes in to a topic. No parsing, no
// storage, no heartbeat, no limits: the floor beside which Parley is measured.
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  fetch(request, upgrading) {
    return upgrading.upgrade(request)
      ? undefined
      : new Response("Only WebSocket here.", { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    sendPings: false,
    idleTimeout: 0,
    open(socket) {
      socket.subscribe("all");
    },
    message(_, text) {
      server.publish("all", text);
    },
  },
});
