// Publishing: the frame is made from --post, with the marker in its body.
#include "publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>

#include "load.h"
#include "marker.h"
#include "websocket.h"

#define FRAME_BYTES_MAX 65536

static void remember_post(Publisher *publisher, uint64_t due_ns) {
  if (publisher->sent == publisher->capacity) {
    publisher->capacity = publisher->capacity ? publisher->capacity * 2 : 1024;
    publisher->posts = realloc(publisher->posts,
                               publisher->capacity * sizeof *publisher->posts);
  }
  publisher->posts[publisher->sent++] =
      (Post){.due_ns = due_ns & INT64_MAX};
}

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
static size_t fill_in(const Load *load, const char *from, Marker marker,
                      char *to, size_t *written) {
  if (!strncmp(from, "{body}", 6)) {
    *written = write_body(to, marker, load->options.body_bytes);
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
  return 0;
}

void publish(Load *load, uint32_t sender, uint64_t due_ns) {
  Publisher *publisher = &load->publishers[sender];
  if (load->connections[sender].phase != READY) return;
  remember_post(publisher, due_ns);
  Marker marker = {load->run, sender, publisher->sent};
  char frame[FRAME_BYTES_MAX + 4096];
  size_t length = 0;
  for (const char *at = load->options.post; *at;) {
    size_t written = 0;
    size_t taken =
        *at == '{' ? fill_in(load, at, marker, frame + length, &written) : 0;
    if (taken == 0) {
      frame[length] = *at;
      taken = written = 1;
    }
    at += taken;
    length += written;
    if (length > FRAME_BYTES_MAX) give_up("--post makes too large a frame");
  }
  load->sent++;
  if (load->stage == MEASURING) load->measured_sent++;
  connection_send(load, sender, OPCODE_TEXT, frame, length);
}

static void set_ticker(const Load *load) {
  struct itimerspec when = {0};
  when.it_value.tv_sec = (time_t)(load->next_due_ns / 1000000000);
  when.it_value.tv_nsec = (long)(load->next_due_ns % 1000000000);
  timerfd_settime(load->ticker, TFD_TIMER_ABSTIME, &when, NULL);
}

void publish_begin(Load *load) {
  const Options *options = &load->options;
  uint64_t now = now_ns();
  if (options->rate > 0) {
    load->next_due_ns = now;
    set_ticker(load);
    return;
  }
  for (uint32_t sender = 0; sender < options->publishers; sender++) {
    for (uint32_t i = 0; i < options->window; i++) publish(load, sender, now);
  }
}

void publish_due(Load *load) {
  bool running = load->stage == WARMING || load->stage == MEASURING;
  if (!running || load->options.rate == 0) return;
  uint64_t step_ns = (uint64_t)(1e9 / load->options.rate);
  while (load->next_due_ns <= now_ns()) {
    publish(load, load->next_publisher, load->next_due_ns);
    load->next_publisher =
        (load->next_publisher + 1) % load->options.publishers;
    load->next_due_ns += step_ns;
  }
  set_ticker(load);
}
