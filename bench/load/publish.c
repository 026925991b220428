// Publishing: in the closed loop after what came before, in the open loop at
// fixed moments.
#include "publish.h"

#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>

#include "load.h"
#include "template.h"
#include "websocket.h"

static void remember_post(Publisher *publisher, uint64_t due_ns) {
  if (publisher->sent == publisher->capacity) {
    publisher->capacity = publisher->capacity ? publisher->capacity * 2 : 1024;
    publisher->posts = realloc(publisher->posts,
                               publisher->capacity * sizeof *publisher->posts);
  }
  publisher->posts[publisher->sent++] =
      (Post){.due_ns = due_ns & INT64_MAX};
}

void publish(Load *load, uint32_t sender, uint64_t due_ns) {
  Publisher *publisher = &load->publishers[sender];
  if (load->connections[sender].phase != READY) return;
  remember_post(publisher, due_ns);
  Marker marker = {load->run, sender, publisher->sent};
  char frame[FILLED_BYTES_MAX];
  const Options *options = &load->options;
  size_t length = fill_template(options, options->post, marker, frame);
  load->sent++;
  load->expected += load->oracle.audience[room_of(options, sender)];
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
