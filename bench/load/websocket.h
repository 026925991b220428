// RFC 6455, the client's half, as far as a load generator needs it: it talks
// to servers that are under test, not to strangers.
#ifndef WEBSOCKET_H
#define WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPCODE_TEXT 1
#define OPCODE_CLOSE 8
#define OPCODE_PING 9
#define OPCODE_PONG 10

/// A client's frame has at most this much before its payload.
#define CLIENT_HEADER_MAX 14

typedef struct {
  int opcode;
  const char *payload;
  size_t length;
  size_t size; // header and payload
} Frame;

/// False when the frame is not complete yet.
bool read_frame(const char *bytes, size_t length, Frame *to);

/// Writes header and masked payload; returns the number of bytes. `to` must
/// have room for CLIENT_HEADER_MAX more than the payload.
size_t write_frame(char *to, int opcode, const char *payload, size_t length);

#endif
