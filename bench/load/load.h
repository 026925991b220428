// The state of one run, and the parts that share it.
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "histogram.h"
#include "options.h"
#include "oracle.h"
#include "process.h"

typedef enum {
  UNOPENED,
  CONNECTING, // TCP
  UPGRADING,  // HTTP
  GREETING,   // WebSocket is open, --ready has not been seen
  READY,
  CLOSED,
} Phase;

typedef struct {
  int fd;
  Phase phase;
  bool awaits_writable;
  char *unread; // the beginning of a frame whose rest has not come yet
  size_t unread_length;
  size_t unread_capacity;
  char *unsent;
  size_t unsent_length;
  size_t unsent_capacity;
} Connection;

typedef struct {
  // When it was to be sent: in the open loop the intended moment, so that a
  // server that makes the generator late is charged for it.
  uint64_t due_ns : 63;
  uint64_t is_answered : 1;
} Post;

typedef struct {
  Post *posts; // by number, from 0
  uint32_t sent;
  uint32_t capacity;
  uint32_t answered;
} Publisher;

typedef enum { BEFORE, WARMING, MEASURING, DRAINING } Stage;

typedef struct {
  Options options;
  int epoll;
  int ticker; // a timerfd: epoll's own timeout counts whole milliseconds
  uint32_t run;
  Stage stage;

  Connection *connections;
  char **cookies;
  uint32_t cookie_count;
  uint32_t opened;    // handshakes begun
  uint32_t in_flight; // … and not ended yet
  uint32_t ready;
  uint64_t closed; // by the server, or by a network error
  int close_code;

  Publisher *publishers;
  uint32_t next_publisher;
  uint64_t next_due_ns; // open loop
  uint64_t sent;
  uint64_t expected; // deliveries that what was sent comes to
  uint64_t answered;
  uint64_t refused;
  uint64_t damaged; // bodies that came cut or changed
  Oracle oracle;

  // The measured time alone.
  uint64_t measure_from_ns;
  uint64_t measure_until_ns;
  uint64_t measured_sent;
  uint64_t measured_answers;
  uint64_t measured_deliveries;
  uint64_t measured_frames;
  uint64_t measured_bytes;
  Histogram received; // intended moment → at a receiver
  Histogram crossed;  // … of those on another server than the sender
  Histogram acknowledged; // intended moment → the sender's own answer
} Load;

/// What the phases cost, for the report.
typedef struct {
  double connect_s;
  Cost before;
  Cost connected;
  Cost held;
  Cost measure_start;
  Cost measure_end;
  double measured_s;
  double pid_cpu_s[PIDS_MAX]; // … each of --pid
  double helper_cpu_s[PIDS_MAX];
  double own_cpu_s;
  double machine_cpu_s;
  Cost after;
} Costs;

uint64_t now_ns(void);

// connection.c
void connection_open(Load *load, uint32_t index);
void connection_send(Load *load, uint32_t index, int opcode, const char *text,
                     size_t length);
void connection_handle(Load *load, uint32_t index, uint32_t epoll_events);

// receive.c
void receive_text(Load *load, uint32_t index, const char *text, size_t length,
                  uint64_t at_ns);

// publish.c
void publish_begin(Load *load);
void publish(Load *load, uint32_t sender, uint64_t due_ns);
/// Sends what is due in the open loop.
void publish_due(Load *load);

// report.c
/// Prints the JSON object. False when the run is void.
bool report(const Load *load, const Costs *costs);

/// Ends the program with a sentence: nothing was measured.
_Noreturn void give_up(const char *format, ...);

#endif
