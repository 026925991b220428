#include "websocket.h"

#include <string.h>

bool read_frame(const char *bytes, size_t length, Frame *to) {
  const unsigned char *at = (const unsigned char *)bytes;
  if (length < 2) return false;
  uint64_t payload = at[1] & 127;
  size_t header = 2;
  if (payload == 126) {
    if (length < 4) return false;
    payload = (uint64_t)at[2] << 8 | at[3];
    header = 4;
  } else if (payload == 127) {
    if (length < 10) return false;
    payload = 0;
    for (int i = 2; i < 10; i++) payload = payload << 8 | at[i];
    header = 10;
  }
  if (length - header < payload) return false;
  *to = (Frame){at[0] & 15, bytes + header, payload, header + payload};
  return true;
}

size_t write_frame(char *to, int opcode, const char *payload, size_t length) {
  // The mask protects proxies from pages; between two programs on one machine
  // any will do, as long as the server has to unmask.
  static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
  size_t at = 0;
  to[at++] = (char)(0x80 | opcode);
  if (length < 126) {
    to[at++] = (char)(0x80 | length);
  } else if (length < 65536) {
    to[at++] = (char)(0x80 | 126);
    to[at++] = (char)(length >> 8);
    to[at++] = (char)length;
  } else {
    to[at++] = (char)(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) {
      to[at++] = (char)((uint64_t)length >> shift);
    }
  }
  memcpy(to + at, mask, sizeof mask);
  at += sizeof mask;
  for (size_t i = 0; i < length; i++) {
    to[at + i] = (char)((unsigned char)payload[i] ^ mask[i & 3]);
  }
  return at + length;
}
