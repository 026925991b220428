#include "template.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "load.h"
#include "publish.h"

// What one placeholder may add: a body of 60000 bytes is the longest.
#define VALUE_BYTES_MAX 61440

/// A UUID of version 7, unique for this run, sender and number, and in the
/// order of time as those of real clients are.
static size_t write_cid(char *to, Marker marker) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  uint64_t ms = (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
  memcpy(to, "........-....-7...-8...-............", 36);
  write_hex(to, ms >> 16, 8);
  write_hex(to + 9, ms, 4);
  write_hex(to + 15, marker.run, 3);
  write_hex(to + 20, marker.sender, 3);
  write_hex(to + 24, marker.sender, 4);
  write_hex(to + 28, marker.number, 8);
  return 36;
}

static size_t write_body(char *to, Marker marker, uint32_t body_bytes) {
  write_marker(to, marker);
  memset(to + MARKER_BYTES, 'x', body_bytes - MARKER_BYTES);
  return body_bytes;
}

/// Puts the value of the placeholder at `from`, if there is one. Returns the
/// placeholder's length, or 0.
static size_t fill_in(const Options *options, const char *from, Marker marker,
                      char *to, size_t *written) {
  if (!strncmp(from, "{body}", 6)) {
    *written = write_body(to, marker, options->body_bytes);
    return 6;
  }
  if (!strncmp(from, "{cid}", 5)) {
    *written = write_cid(to, marker);
    return 5;
  }
  if (!strncmp(from, "{id}", 4)) {
    *written = (size_t)sprintf(to, "%u", ANSWER_ID_BASE + marker.number);
    return 4;
  }
  if (!strncmp(from, "{n}", 3)) {
    *written = (size_t)sprintf(to, "%u", marker.sender);
    return 3;
  }
  if (!strncmp(from, "{room}", 6) && options->room_count > 0) {
    const char *room = options->rooms[room_of(options, marker.sender)];
    *written = strlen(room);
    memcpy(to, room, *written);
    return 6;
  }
  return 0;
}

size_t fill_template(const Options *options, const char *text, Marker marker,
                     char *to) {
  size_t length = 0;
  for (const char *at = text; *at;) {
    if (length > FILLED_BYTES_MAX - VALUE_BYTES_MAX) {
      give_up("a frame becomes too large: %.60s …", text);
    }
    size_t written = 0;
    size_t taken =
        *at == '{' ? fill_in(options, at, marker, to + length, &written) : 0;
    if (taken == 0) {
      to[length] = *at;
      taken = written = 1;
    }
    at += taken;
    length += written;
  }
  return length;
}
