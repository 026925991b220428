#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define HELLOS_MAX 8
#define PIDS_MAX 16
#define SERVERS_MAX 16
#define ROOMS_MAX 1024

/// What ends the wait for a message in the closed loop.
typedef enum { PACE_OWN, PACE_ANSWER } Pace;

/// A program that works for the servers, such as a database.
typedef struct {
  const char *name;
  int pid;
} Helper;

typedef struct {
  int ports[SERVERS_MAX];
  uint32_t servers;
  const char *rooms[ROOMS_MAX];
  uint32_t room_count; // 0: one room, which needs no name
  uint32_t listeners;  // the last so many connections; the others are deaf
  const char *path;
  const char *protocol; // the subprotocol to offer, or NULL
  const char *origin;
  const char *cookies; // a file with one Cookie header per connection
  uint32_t connections;
  uint32_t connecting; // handshakes in flight at once
  const char *hello[HELLOS_MAX];
  int hellos;
  const char *deaf_hello; // said by who does not listen
  const char *ready; // text in the frame that says a connection is ready
  const char *ping;  // an application's ping, and
  const char *pong;  // the frame that answers it
  const char *post;  // the frame that publishes; see --help
  const char *answer; // stands before the id of what is answered
  const char *refusal; // text in a frame that refuses a message
  Pace pace;
  uint32_t publishers;
  uint32_t window;
  double rate; // messages a second of all publishers; 0 is a closed loop
  uint32_t body_bytes;
  double warm_s;
  double seconds;
  double settle_s;
  double hold_s;
  double drain_s;
  int pids[PIDS_MAX];
  int pid_count;
  Helper helpers[PIDS_MAX];
  int helper_count;
} Options;

// Connections are dealt out in turn: to the servers, and each server's to the
// rooms. The first ones publish.

static inline uint32_t server_of(const Options *options, uint32_t connection) {
  return connection % options->servers;
}

static inline uint32_t room_of(const Options *options, uint32_t connection) {
  if (options->room_count == 0) return 0;
  return connection / options->servers % options->room_count;
}

static inline bool is_listening(const Options *options, uint32_t connection) {
  return connection >= options->connections - options->listeners;
}

/// Ends the program with a sentence when an option is unknown or wrong.
Options read_options(int count, char **arguments);

#endif
