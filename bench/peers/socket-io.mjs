// The chat of Socket.IO's own "get started" page. Run by Node.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"] });

io.on("connection", (socket) => {
  socket.on("message", (message) => {
    io.emit("message", message);
  });
});

http.listen(Number(process.argv[2]), "127.0.0.1");
