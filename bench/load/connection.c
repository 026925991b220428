// One connection: TCP, the upgrade, and frames in and out.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"
#include "template.h"
#include "websocket.h"

// One source address has about 28,000 ports; 127.0.0.2, 127.0.0.3 … are local
// as well.
#define CONNECTIONS_PER_ADDRESS 20000

// All sockets are read into one buffer, which therefore stays in the cache; a
// connection keeps only the beginning of a frame that is not complete.
#define READ_BYTES (256 * 1024)
#define FRAME_BYTES_MAX (4 * 1024 * 1024)
static char read_buffer[FRAME_BYTES_MAX + READ_BYTES];

static void watch(Load *load, uint32_t index, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.u32 = index};
  epoll_ctl(load->epoll, operation, load->connections[index].fd, &event);
}

static void drop(Load *load, uint32_t index, int code) {
  Connection *connection = &load->connections[index];
  if (connection->phase < READY) {
    give_up("connection %u was closed before it was ready", index);
  }
  if (connection->phase == CLOSED) return;
  close(connection->fd);
  connection->phase = CLOSED;
  load->closed++;
  if (load->close_code == 0) load->close_code = code;
}

static void flush(Load *load, uint32_t index) {
  Connection *connection = &load->connections[index];
  size_t done = 0;
  while (done < connection->unsent_length) {
    ssize_t written = send(connection->fd, connection->unsent + done,
                           connection->unsent_length - done, MSG_NOSIGNAL);
    if (written > 0) {
      done += (size_t)written;
    } else if (errno == EAGAIN) {
      break;
    } else {
      drop(load, index, 1006);
      return;
    }
  }
  connection->unsent_length -= done;
  memmove(connection->unsent, connection->unsent + done,
          connection->unsent_length);
  bool awaits_writable = connection->unsent_length > 0;
  if (awaits_writable == connection->awaits_writable) return;
  connection->awaits_writable = awaits_writable;
  watch(load, index, awaits_writable ? EPOLLIN | EPOLLOUT : EPOLLIN,
        EPOLL_CTL_MOD);
}

/// Room for `length` more bytes at the end of what is not sent yet.
static char *reserve(Connection *connection, size_t length) {
  size_t needed = connection->unsent_length + length;
  if (needed > connection->unsent_capacity) {
    connection->unsent_capacity = needed * 2;
    connection->unsent =
        realloc(connection->unsent, connection->unsent_capacity);
  }
  return connection->unsent + connection->unsent_length;
}

void connection_send(Load *load, uint32_t index, int opcode, const char *text,
                     size_t length) {
  Connection *connection = &load->connections[index];
  if (connection->phase == CLOSED) return;
  char *to = reserve(connection, length + CLIENT_HEADER_MAX);
  connection->unsent_length += write_frame(to, opcode, text, length);
  flush(load, index);
}

static int port_of(const Load *load, uint32_t index) {
  return load->options.ports[server_of(&load->options, index)];
}

void connection_open(Load *load, uint32_t index) {
  Connection *connection = &load->connections[index];
  connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (connection->fd < 0) give_up("socket: %s", strerror(errno));
  int yes = 1;
  setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (load->options.connections > CONNECTIONS_PER_ADDRESS) {
    struct sockaddr_in source = {.sin_family = AF_INET};
    source.sin_addr.s_addr =
        htonl(0x7f000002 + index / CONNECTIONS_PER_ADDRESS);
    // Without this option bind() takes a port that no destination may share.
    setsockopt(connection->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes,
               sizeof yes);
    bind(connection->fd, (struct sockaddr *)&source, sizeof source);
  }
  struct sockaddr_in server = {
      .sin_family = AF_INET,
      .sin_port = htons((uint16_t)port_of(load, index)),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
  int failed = connect(connection->fd, (struct sockaddr *)&server,
                       sizeof server);
  if (failed && errno != EINPROGRESS) give_up("connect: %s", strerror(errno));
  connection->phase = CONNECTING;
  connection->awaits_writable = true;
  watch(load, index, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
  load->opened++;
  load->in_flight++;
}

static void append_header(Connection *connection, const char *name,
                          const char *value) {
  if (!value) return;
  size_t room = strlen(name) + strlen(value) + 5;
  char *to = reserve(connection, room);
  connection->unsent_length +=
      (size_t)snprintf(to, room, "%s: %s\r\n", name, value);
}

static void request_upgrade(Load *load, uint32_t index) {
  Connection *connection = &load->connections[index];
  const Options *options = &load->options;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  int port = port_of(load, index);
  if (error) give_up("connect to port %d: %s", port, strerror(error));
  size_t room = strlen(options->path) + 64;
  char *to = reserve(connection, room);
  connection->unsent_length += (size_t)snprintf(
      to, room, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", options->path,
      port);
  append_header(connection, "Upgrade", "websocket");
  append_header(connection, "Connection", "Upgrade");
  append_header(connection, "Sec-WebSocket-Version", "13");
  append_header(connection, "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
  append_header(connection, "Sec-WebSocket-Protocol", options->protocol);
  append_header(connection, "Origin", options->origin);
  if (load->cookie_count > 0) {
    append_header(connection, "Cookie",
                  load->cookies[index % load->cookie_count]);
  }
  memcpy(reserve(connection, 2), "\r\n", 2);
  connection->unsent_length += 2;
  connection->phase = UPGRADING;
  flush(load, index);
}

static void become_ready(Load *load, Connection *connection) {
  connection->phase = READY;
  load->ready++;
  load->in_flight--;
}

static void greet(Load *load, uint32_t index) {
  const Options *options = &load->options;
  bool is_deaf = options->deaf_hello && !is_listening(options, index);
  const char *const *hellos = is_deaf ? &options->deaf_hello : options->hello;
  int count = is_deaf ? 1 : options->hellos;
  char frame[FILLED_BYTES_MAX];
  for (int i = 0; i < count; i++) {
    Marker nothing = {load->run, index, 0};
    size_t length = fill_template(options, hellos[i], nothing, frame);
    connection_send(load, index, OPCODE_TEXT, frame, length);
  }
}

/// The length of the answer to the upgrade, or 0 when it is not complete.
static size_t read_upgrade(Load *load, uint32_t index, const char *bytes,
                           size_t length) {
  Connection *connection = &load->connections[index];
  const char *end = memmem(bytes, length, "\r\n\r\n", 4);
  if (!end) return 0;
  if (length < 12 || memcmp(bytes, "HTTP/1.1 101", 12)) {
    give_up("the upgrade was refused: %.*s", (int)length, bytes);
  }
  connection->phase = GREETING;
  greet(load, index);
  if (!load->options.ready) become_ready(load, connection);
  return (size_t)(end + 4 - bytes);
}

static int read_close_code(const Frame *frame) {
  if (frame->length < 2) return 1005;
  const unsigned char *code = (const unsigned char *)frame->payload;
  return code[0] << 8 | code[1];
}

static void handle_text(Load *load, uint32_t index, const Frame *frame,
                        uint64_t at_ns) {
  Connection *connection = &load->connections[index];
  const Options *options = &load->options;
  if (connection->phase == GREETING &&
      memmem(frame->payload, frame->length, options->ready,
             strlen(options->ready))) {
    become_ready(load, connection);
  }
  if (options->ping && frame->length == strlen(options->ping) &&
      !memcmp(frame->payload, options->ping, frame->length)) {
    connection_send(load, index, OPCODE_TEXT, options->pong,
                    strlen(options->pong));
    return;
  }
  receive_text(load, index, frame->payload, frame->length, at_ns);
}

/// Handles all complete frames; returns how many bytes that took.
static size_t handle_frames(Load *load, uint32_t index, const char *bytes,
                            size_t length, uint64_t at_ns) {
  size_t done = 0;
  Frame frame;
  while (load->connections[index].phase != CLOSED &&
         read_frame(bytes + done, length - done, &frame)) {
    done += frame.size;
    if (load->stage == MEASURING) load->measured_frames++;
    if (frame.opcode == OPCODE_PING) {
      connection_send(load, index, OPCODE_PONG, frame.payload, frame.length);
    } else if (frame.opcode == OPCODE_CLOSE) {
      drop(load, index, read_close_code(&frame));
    } else {
      handle_text(load, index, &frame, at_ns);
    }
  }
  return done;
}

static void keep_unread(Connection *connection, const char *from,
                        size_t length) {
  if (length > connection->unread_capacity) {
    connection->unread_capacity = length * 2;
    connection->unread =
        realloc(connection->unread, connection->unread_capacity);
  }
  if (length > 0) memcpy(connection->unread, from, length);
  connection->unread_length = length;
}

static void read_some(Load *load, uint32_t index) {
  Connection *connection = &load->connections[index];
  size_t length = connection->unread_length;
  if (length > 0) memcpy(read_buffer, connection->unread, length);
  ssize_t got = recv(connection->fd, read_buffer + length, READ_BYTES, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    drop(load, index, 1006);
    return;
  }
  // Once for all that came in one read: asking for each delivery would cost
  // more than checking it.
  uint64_t at_ns = now_ns();
  length += (size_t)got;
  if (load->stage == MEASURING) load->measured_bytes += (uint64_t)got;
  size_t done = 0;
  if (connection->phase == UPGRADING) {
    done = read_upgrade(load, index, read_buffer, length);
  }
  if (connection->phase == GREETING || connection->phase == READY) {
    done += handle_frames(load, index, read_buffer + done, length - done,
                          at_ns);
  }
  if (length - done > FRAME_BYTES_MAX) give_up("a frame is larger than 4 MiB");
  keep_unread(connection, read_buffer + done, length - done);
}

void connection_handle(Load *load, uint32_t index, uint32_t epoll_events) {
  Connection *connection = &load->connections[index];
  if (connection->phase == CONNECTING) {
    request_upgrade(load, index);
    return;
  }
  if (connection->phase != CLOSED && epoll_events & EPOLLOUT) {
    flush(load, index);
  }
  if (connection->phase != CLOSED && epoll_events & ~(uint32_t)EPOLLOUT) {
    read_some(load, index);
  }
}
