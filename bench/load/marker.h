// The first bytes of every message's body: ~RRRRSSSSNNNNNNNN~ (run, sender,
// number; hexadecimal). Of fixed width, and begun by a byte that stands nowhere
// else in a chat frame, so that one memchr() finds it and no JSON parser is
// needed. The run keeps apart what an earlier run left in the server's history.
#ifndef MARKER_H
#define MARKER_H

#include <stdbool.h>
#include <stdint.h>

#define MARKER_EDGE '~'
#define MARKER_BYTES 18

typedef struct {
  uint32_t run;
  uint32_t sender;
  uint32_t number; // per sender, from 1
} Marker;

static inline void write_hex(char *to, uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; i--, value >>= 4) {
    to[i] = "0123456789abcdef"[value & 15];
  }
}

/// The value of the hexadecimal digits, or -1 when one of them is none.
static inline int64_t read_hex(const char *from, int digits) {
  uint64_t value = 0;
  for (int i = 0; i < digits; i++) {
    unsigned decimal = (unsigned char)from[i] - (unsigned)'0';
    unsigned letter = (unsigned char)from[i] - (unsigned)'a';
    if (decimal > 9 && letter > 5) return -1;
    value = value << 4 | (decimal <= 9 ? decimal : letter + 10);
  }
  return (int64_t)value;
}

static inline void write_marker(char *to, Marker marker) {
  to[0] = MARKER_EDGE;
  write_hex(to + 1, marker.run, 4);
  write_hex(to + 5, marker.sender, 4);
  write_hex(to + 9, marker.number, 8);
  to[17] = MARKER_EDGE;
}

static inline bool read_marker(const char *at, const char *end, Marker *to) {
  if (end - at < MARKER_BYTES || at[17] != MARKER_EDGE) return false;
  int64_t run = read_hex(at + 1, 4);
  int64_t sender = read_hex(at + 5, 4);
  int64_t number = read_hex(at + 9, 8);
  if (run < 0 || sender < 0 || number < 1) return false;
  *to = (Marker){(uint32_t)run, (uint32_t)sender, (uint32_t)number};
  return true;
}

#endif
