// The load generator and oracle of Parley's benchmarks: one thread, epoll,
// loopback only. The phases of a run stand in main(), in order; load --help
// lists the options.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "load.h"

// Connections are counted from 0; this one in epoll's data is the ticker.
#define TICKER UINT32_MAX
#define EVENTS_MAX 512
// A server that has not greeted everybody by then will not do so.
#define CONNECT_SECONDS_MAX 120
// A delivery too many comes right after the last one, or not at all.
#define GRACE_NS 200000000

uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

void give_up(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("load: ", stderr);
  vfprintf(stderr, format, arguments);
  fputs("\n", stderr);
  va_end(arguments);
  exit(1);
}

static uint64_t after(double seconds) {
  return now_ns() + (uint64_t)(seconds * 1e9);
}

static Cost server_cost(const Load *load) {
  return processes_cost(load->options.pids, load->options.pid_count);
}

static void read_cookies(Load *load) {
  if (!load->options.cookies) return;
  FILE *file = fopen(load->options.cookies, "r");
  if (!file) give_up("%s: %s", load->options.cookies, strerror(errno));
  char line[4096];
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\r\n")] = 0;
    load->cookies = realloc(load->cookies,
                            (load->cookie_count + 1) * sizeof *load->cookies);
    load->cookies[load->cookie_count++] = strdup(line);
  }
  fclose(file);
}

static void allow_many_files(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static void prepare(Load *load) {
  const Options *options = &load->options;
  allow_many_files();
  read_cookies(load);
  load->run = (uint32_t)(now_ns() / 1000000 ^ (uint64_t)getpid() << 4) & 0xffff;
  load->connections = calloc(options->connections, sizeof *load->connections);
  load->publishers = calloc(options->publishers, sizeof *load->publishers);
  oracle_begin(&load->oracle, options->connections, options->publishers,
               options->room_count > 0 ? options->room_count : 1);
  for (uint32_t i = 0; i < options->connections; i++) {
    uint32_t room = room_of(options, i);
    if (is_listening(options, i)) oracle_place_receiver(&load->oracle, i, room);
    if (i < options->publishers) oracle_place_sender(&load->oracle, i, room);
  }
  load->epoll = epoll_create1(0);
  load->ticker = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = TICKER};
  epoll_ctl(load->epoll, EPOLL_CTL_ADD, load->ticker, &event);
}

/// One turn of the event loop; waits until `until_ns` at most.
static void turn(Load *load, uint64_t until_ns) {
  struct epoll_event events[EVENTS_MAX];
  uint64_t now = now_ns();
  int wait_ms = until_ns > now ? (int)((until_ns - now + 999999) / 1000000) : 0;
  int count = epoll_wait(load->epoll, events, EVENTS_MAX, wait_ms);
  for (int i = 0; i < count; i++) {
    if (events[i].data.u32 == TICKER) {
      uint64_t times;
      if (read(load->ticker, &times, sizeof times) > 0) publish_due(load);
    } else {
      connection_handle(load, events[i].data.u32, events[i].events);
    }
  }
}

static void run_until(Load *load, uint64_t until_ns) {
  while (now_ns() < until_ns) turn(load, until_ns);
}

static void connect_all(Load *load) {
  const Options *options = &load->options;
  uint64_t until_ns = after(CONNECT_SECONDS_MAX);
  while (load->ready < options->connections) {
    while (load->opened < options->connections &&
           load->in_flight < options->connecting) {
      connection_open(load, load->opened);
    }
    turn(load, until_ns);
    if (now_ns() >= until_ns) {
      give_up("only %u of %u connections were ready after %d s", load->ready,
              options->connections, CONNECT_SECONDS_MAX);
    }
  }
}

static bool is_complete(const Load *load) {
  if (load->oracle.seen < load->expected) return false;
  return !load->options.answer || load->answered >= load->sent;
}

/// Waits until everybody has been given everything, or nothing comes.
static void drain(Load *load) {
  uint64_t until_ns = after(load->options.drain_s);
  while (!is_complete(load) && now_ns() < until_ns) {
    run_until(load, now_ns() + 1000000);
  }
  run_until(load, now_ns() + GRACE_NS);
}

/// CPU seconds of each process by itself; `sign` is -1 at the beginning.
static void count_processes(const Load *load, Costs *costs, int sign) {
  const Options *options = &load->options;
  for (int i = 0; i < options->pid_count; i++) {
    costs->pid_cpu_s[i] += sign * processes_cost(&options->pids[i], 1).cpu_s;
  }
  for (int i = 0; i < options->helper_count; i++) {
    costs->helper_cpu_s[i] += sign * family_cpu_s(options->helpers[i].pid);
  }
}

static void measure_traffic(Load *load, Costs *costs) {
  const Options *options = &load->options;
  load->stage = WARMING;
  load->measure_from_ns = UINT64_MAX;
  publish_begin(load);
  run_until(load, after(options->warm_s));

  load->stage = MEASURING;
  load->measure_from_ns = now_ns();
  load->measure_until_ns = after(options->seconds);
  costs->measure_start = server_cost(load);
  count_processes(load, costs, -1);
  double own_cpu_s_before = own_cpu_s();
  double machine_cpu_s_before = machine_cpu_s();
  run_until(load, load->measure_until_ns);
  costs->measured_s = (double)(now_ns() - load->measure_from_ns) / 1e9;
  costs->own_cpu_s = own_cpu_s() - own_cpu_s_before;
  costs->machine_cpu_s = machine_cpu_s() - machine_cpu_s_before;
  costs->measure_end = server_cost(load);
  count_processes(load, costs, 1);

  load->stage = DRAINING;
  drain(load);
  uint32_t *sent = malloc(options->publishers * sizeof *sent);
  for (uint32_t i = 0; i < options->publishers; i++) {
    sent[i] = load->publishers[i].sent;
  }
  oracle_finish(&load->oracle, sent);
  free(sent);
}

int main(int count, char **arguments) {
  static Load load;
  Costs costs = {0};
  load.options = read_options(count, arguments);
  prepare(&load);

  costs.before = server_cost(&load);
  uint64_t start_ns = now_ns();
  connect_all(&load);
  costs.connect_s = (double)(now_ns() - start_ns) / 1e9;
  // What a server does for newcomers after it has greeted them belongs to the
  // price of a connection, so the rest comes before the reading.
  run_until(&load, after(load.options.settle_s));
  costs.connected = server_cost(&load);

  run_until(&load, after(load.options.hold_s));
  costs.held = server_cost(&load);

  bool has_traffic = load.options.publishers > 0 && load.options.seconds > 0;
  if (has_traffic) measure_traffic(&load, &costs);
  costs.after = server_cost(&load);
  return report(&load, &costs) ? 0 : 3;
}
