// What the oracle and the clock are told when a text frame has come.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "marker.h"
#include "publish.h"

static void record(const Load *load, Histogram *histogram, uint64_t due_ns,
                   uint64_t at_ns) {
  // By the moment of sending, also when it arrives after the measured time:
  // else the slowest would be left out.
  if (due_ns < load->measure_from_ns || due_ns >= load->measure_until_ns) {
    return;
  }
  histogram_record(histogram, at_ns > due_ns ? (at_ns - due_ns) / 1000 : 0);
}

static void continue_loop(Load *load, uint32_t sender, uint64_t at_ns) {
  bool running = load->stage == WARMING || load->stage == MEASURING;
  if (running && load->options.rate == 0) publish(load, sender, at_ns);
}

/// One delivery. Returns false when it is not one of this run's.
static bool see_delivery(Load *load, uint32_t receiver, Marker marker,
                         uint64_t at_ns) {
  if (marker.run != load->run) return false;
  if (marker.sender >= load->options.publishers) return false;
  Publisher *publisher = &load->publishers[marker.sender];
  if (marker.number > publisher->sent) {
    load->damaged++; // Nobody has said this.
    return true;
  }
  oracle_see(&load->oracle, receiver, marker.sender, marker.number);
  if (load->stage == MEASURING) load->measured_deliveries++;
  uint64_t due_ns = publisher->posts[marker.number - 1].due_ns;
  record(load, &load->received, due_ns, at_ns);
  const Options *options = &load->options;
  if (server_of(options, receiver) != server_of(options, marker.sender)) {
    record(load, &load->crossed, due_ns, at_ns);
  }
  if (receiver == marker.sender && load->options.pace == PACE_OWN) {
    continue_loop(load, marker.sender, now_ns());
  }
  return true;
}

static uint32_t see_deliveries(Load *load, uint32_t receiver, const char *text,
                               const char *end, uint64_t at_ns) {
  uint32_t body_bytes = load->options.body_bytes;
  uint32_t seen = 0;
  const char *at = text;
  while ((at = memchr(at, MARKER_EDGE, (size_t)(end - at)))) {
    Marker marker;
    if (!read_marker(at, end, &marker)) {
      at++;
      continue;
    }
    if (see_delivery(load, receiver, marker, at_ns)) {
      seen++;
      // A body of the right length is followed by the quote that ends it.
      bool whole = (size_t)(end - at) > body_bytes && at[body_bytes] == '"';
      if (!whole) load->damaged++;
    }
    at += MARKER_BYTES;
  }
  return seen;
}

static uint32_t see_answers(Load *load, uint32_t sender, const char *text,
                            const char *end, uint64_t at_ns) {
  const char *answer = load->options.answer;
  size_t answer_length = strlen(answer);
  Publisher *publisher = &load->publishers[sender];
  uint32_t seen = 0;
  const char *at = text;
  while ((at = memmem(at, (size_t)(end - at), answer, answer_length))) {
    at += answer_length;
    uint64_t id = 0;
    while (at < end && *at >= '0' && *at <= '9') {
      id = id * 10 + (uint64_t)(*at++ - '0');
    }
    if (id <= ANSWER_ID_BASE || id > ANSWER_ID_BASE + publisher->sent) continue;
    Post *post = &publisher->posts[id - ANSWER_ID_BASE - 1];
    if (post->is_answered) {
      load->damaged++; // A command is answered exactly once.
      continue;
    }
    post->is_answered = 1;
    publisher->answered++;
    load->answered++;
    if (load->stage == MEASURING) load->measured_answers++;
    seen++;
    record(load, &load->acknowledged, post->due_ns, at_ns);
    if (load->options.pace == PACE_ANSWER) {
      continue_loop(load, sender, now_ns());
    }
  }
  return seen;
}

void receive_text(Load *load, uint32_t index, const char *text, size_t length,
                  uint64_t at_ns) {
  const Options *options = &load->options;
  if (load->stage == BEFORE) return;
  uint32_t seen = see_deliveries(load, index, text, text + length, at_ns);
  if (index >= options->publishers) return;
  if (options->answer) {
    seen += see_answers(load, index, text, text + length, at_ns);
  }
  if (seen == 0 && options->refusal &&
      memmem(text, length, options->refusal, strlen(options->refusal))) {
    load->refused++;
  }
}
