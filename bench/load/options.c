#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "marker.h"

static const char *const help =
    "load: opens WebSocket connections to 127.0.0.1, publishes, and checks\n"
    "that every receiver is given everything once and in the same order.\n"
    "Prints one JSON object.\n\n"
    "  --port N --path P --protocol NAME --origin URL --cookies FILE\n"
    "  --connections N --connecting N   how many, and how many at a time\n"
    "  --hello FRAME                    said when open (several are allowed)\n"
    "  --ready TEXT                     stands in the frame that ends greeting\n"
    "  --ping TEXT --pong FRAME         the application's own heartbeat\n"
    "  --post FRAME                     publishes; {body} {id} {cid} {n} are\n"
    "                                   body, number, UUIDv7, connection\n"
    "  --answer TEXT                    stands before the id of an answer\n"
    "  --refusal TEXT                   stands in a frame that refuses\n"
    "  --publishers N --size BYTES\n"
    "  --window N --pace own|answer     closed loop: in flight, until seen or\n"
    "                                   answered\n"
    "  --rate N                         open loop: messages a second of all\n"
    "  --settle S --hold S              after connecting: rest, then idle\n"
    "  --warm S --seconds S --drain S\n"
    "  --pid N                          a process of the server (several)\n";

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

static bool set_other(Options *options, const char *option, const char *value) {
  if (!strcmp(option, "--port")) {
    options->port = (int)number(option, value);
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
  if (options->port < 1 || options->port > 65535) fail("--port", "is missing");
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
  if (options->pace == PACE_ANSWER && !options->answer) {
    fail("--pace answer", "needs --answer");
  }
  if (options->ping && !options->pong) fail("--ping", "needs --pong");
}

Options read_options(int count, char **arguments) {
  Options options = {
      .path = "/ws",
      .connections = 1,
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
  check(&options);
  return options;
}
