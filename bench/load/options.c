#define _GNU_SOURCE
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marker.h"

static const char *const help =
    "load: opens WebSocket connections to 127.0.0.1, publishes, and checks\n"
    "that every receiver is given everything once and in the same order.\n"
    "Prints one JSON object.\n\n"
    "  --port N                         a server (several, dealt out in turn)\n"
    "  --path P --protocol NAME --origin URL --cookies FILE\n"
    "  --connections N --connecting N   how many, and how many at a time\n"
    "  --hello FRAME                    said when open (several are allowed)\n"
    "  --deaf-hello FRAME               said instead by who does not listen\n"
    "  --ready TEXT                     stands in the frame that ends greeting\n"
    "  --ping TEXT --pong FRAME         the application's own heartbeat\n"
    "  --post FRAME                     publishes; {body} {id} {cid} {n}\n"
    "                                   {room} are body, number, UUIDv7,\n"
    "                                   connection, room; also in a hello\n"
    "  --answer TEXT                    stands before the id of an answer\n"
    "  --refusal TEXT                   stands in a frame that refuses\n"
    "  --room NAME                      (several) each server's connections\n"
    "                                   are dealt out to the rooms in turn\n"
    "  --publishers N --size BYTES      the first N connections publish\n"
    "  --listeners N                    only the last N are given messages\n"
    "  --window N --pace own|answer     closed loop: in flight, until seen or\n"
    "                                   answered\n"
    "  --rate N                         open loop: messages a second of all\n"
    "  --settle S --hold S              after connecting: rest, then idle\n"
    "  --warm S --seconds S --drain S\n"
    "  --pid N                          a process of the server (several)\n"
    "  --beside NAME=N                  a process that works for it, and its\n"
    "                                   children (several)\n";

static void fail(const char *option, const char *problem) {
  fprintf(stderr, "load: %s %s\n", option, problem);
  exit(2);
}

static double number(const char *option, const char *value) {
  char *end;
  double result = strtod(value, &end);
  if (end == value || *end || result < 0) fail(option, "needs a number");
  return result;
}

static bool set_text(Options *options, const char *option, const char *value) {
  const struct {
    const char *name;
    const char **to;
  } texts[] = {
      {"--path", &options->path},         {"--protocol", &options->protocol},
      {"--origin", &options->origin},     {"--cookies", &options->cookies},
      {"--ready", &options->ready},       {"--ping", &options->ping},
      {"--pong", &options->pong},         {"--post", &options->post},
      {"--answer", &options->answer},     {"--refusal", &options->refusal},
      {"--deaf-hello", &options->deaf_hello},
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (strcmp(option, texts[i].name)) continue;
    *texts[i].to = value;
    return true;
  }
  return false;
}

static bool set_count(Options *options, const char *option, const char *value) {
  const struct {
    const char *name;
    uint32_t *to;
  } counts[] = {
      {"--connections", &options->connections},
      {"--connecting", &options->connecting},
      {"--publishers", &options->publishers},
      {"--listeners", &options->listeners},
      {"--window", &options->window},
      {"--size", &options->body_bytes},
  };
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    if (strcmp(option, counts[i].name)) continue;
    *counts[i].to = (uint32_t)number(option, value);
    return true;
  }
  return false;
}

static bool set_quantity(Options *options, const char *option,
                         const char *value) {
  const struct {
    const char *name;
    double *to;
  } quantities[] = {
      {"--rate", &options->rate},       {"--warm", &options->warm_s},
      {"--seconds", &options->seconds}, {"--settle", &options->settle_s},
      {"--hold", &options->hold_s},     {"--drain", &options->drain_s},
  };
  for (size_t i = 0; i < sizeof quantities / sizeof *quantities; i++) {
    if (strcmp(option, quantities[i].name)) continue;
    *quantities[i].to = number(option, value);
    return true;
  }
  return false;
}

static void set_helper(Options *options, const char *value) {
  const char *equals = strchr(value, '=');
  if (!equals) fail("--beside", "needs NAME=PID");
  if (options->helper_count == PIDS_MAX) fail("--beside", "is too often here");
  options->helpers[options->helper_count++] = (Helper){
      .name = strndup(value, (size_t)(equals - value)),
      .pid = (int)number("--beside", equals + 1),
  };
}

static bool set_other(Options *options, const char *option, const char *value) {
  if (!strcmp(option, "--port")) {
    if (options->servers == SERVERS_MAX) fail(option, "was given too often");
    double port = number(option, value);
    if (port < 1 || port > 65535) fail(option, "is from 1 to 65535");
    options->ports[options->servers++] = (int)port;
  } else if (!strcmp(option, "--room")) {
    if (options->room_count == ROOMS_MAX) fail(option, "was given too often");
    options->rooms[options->room_count++] = value;
  } else if (!strcmp(option, "--beside")) {
    set_helper(options, value);
  } else if (!strcmp(option, "--hello")) {
    if (options->hellos == HELLOS_MAX) fail(option, "was given too often");
    options->hello[options->hellos++] = value;
  } else if (!strcmp(option, "--pid")) {
    if (options->pid_count == PIDS_MAX) fail(option, "was given too often");
    options->pids[options->pid_count++] = (int)number(option, value);
  } else if (!strcmp(option, "--pace")) {
    if (strcmp(value, "own") && strcmp(value, "answer")) {
      fail(option, "is `own` or `answer`");
    }
    options->pace = strcmp(value, "own") ? PACE_ANSWER : PACE_OWN;
  } else {
    return false;
  }
  return true;
}

static void check(const Options *options) {
  if (options->servers == 0) fail("--port", "is missing");
  if (options->connections == 0) fail("--connections", "must be at least 1");
  if (options->connecting == 0) fail("--connecting", "must be at least 1");
  if (options->publishers > options->connections) {
    fail("--publishers", "must not be more than there are connections");
  }
  if (options->publishers > 0xffff) fail("--publishers", "is at most 65535");
  if (options->publishers > 0 && !options->post) fail("--post", "is missing");
  if (options->body_bytes < MARKER_BYTES || options->body_bytes > 60000) {
    fail("--size", "must be from 18 to 60000");
  }
  if (options->listeners > options->connections) {
    fail("--listeners", "must not be more than there are connections");
  }
  bool waits_for_own = options->rate == 0 && options->pace == PACE_OWN;
  if (options->publishers > 0 && waits_for_own &&
      options->listeners < options->connections) {
    fail("--listeners", "needs --pace answer: who is deaf sees nothing");
  }
  if (options->pace == PACE_ANSWER && !options->answer) {
    fail("--pace answer", "needs --answer");
  }
  if (options->ping && !options->pong) fail("--ping", "needs --pong");
}

Options read_options(int count, char **arguments) {
  Options options = {
      .path = "/ws",
      .connections = 1,
      .listeners = UINT32_MAX,
      .connecting = 100,
      .window = 1,
      .body_bytes = 64,
      .warm_s = 1,
      .seconds = 5,
      .settle_s = 0.5,
      .drain_s = 5,
  };
  for (int i = 1; i < count; i++) {
    const char *option = arguments[i];
    if (!strcmp(option, "--help")) {
      fputs(help, stdout);
      exit(0);
    }
    const char *value = i + 1 < count ? arguments[++i] : NULL;
    if (!value) fail(option, "needs a value, or is not known");
    bool known = set_text(&options, option, value) ||
                 set_count(&options, option, value) ||
                 set_quantity(&options, option, value) ||
                 set_other(&options, option, value);
    if (!known) fail(option, "is not known; see --help");
  }
  if (options.listeners == UINT32_MAX) options.listeners = options.connections;
  check(&options);
  return options;
}
