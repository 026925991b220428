// Watches what every receiver is given. Each must see every sender's messages
// as 1, 2, 3 … without loss, repeat or inversion, and all receivers must see
// the messages of all senders in one and the same order; and nobody may be given
// a message of a room that they do not listen to. It must keep up with
// three million deliveries a second, so the regular case is a handful of
// instructions and everything else is out of line.
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stdint.h>

/// Where somebody is who listens to no room.
#define NOWHERE UINT32_MAX

typedef struct {
  uint64_t order; // a hash of the sequence of messages seen so far
  bool irregular; // lost, doubled or misordered: its hash says nothing
  uint32_t room;
} Receiver;

typedef struct {
  uint32_t receiver;
  uint32_t sender;
  uint32_t number;
} Missing;

typedef struct {
  uint32_t receivers;
  uint32_t senders;
  uint32_t rooms;
  Receiver *receiver;
  uint32_t *sender_room;
  uint32_t *audience; // how many listen to each room
  uint32_t *next;   // the number each receiver expects from each sender
  Missing *missing; // skipped so far: lost, unless they still come
  uint32_t missing_count;
  uint64_t seen;
  uint64_t lost;
  uint64_t doubled;
  uint64_t misordered;
  uint64_t stray; // given to somebody who does not listen to its room
} Oracle;

/// Everybody is NOWHERE until oracle_place() says where.
void oracle_begin(Oracle *oracle, uint32_t receivers, uint32_t senders,
                  uint32_t rooms);

/// The room that a receiver listens to, and the one that a sender posts to.
void oracle_place_receiver(Oracle *oracle, uint32_t receiver, uint32_t room);
void oracle_place_sender(Oracle *oracle, uint32_t sender, uint32_t room);

/// A delivery that is not the one expected next.
void oracle_see_irregular(Oracle *oracle, uint32_t receiver, uint32_t sender,
                          uint32_t number);

/// `sender` and `receiver` must be in range.
static inline void oracle_see(Oracle *oracle, uint32_t receiver,
                              uint32_t sender, uint32_t number) {
  Receiver *seeing = &oracle->receiver[receiver];
  if (__builtin_expect(seeing->room != oracle->sender_room[sender], 0)) {
    oracle->stray++;
    return;
  }
  uint32_t *next = &oracle->next[(uint64_t)receiver * oracle->senders + sender];
  oracle->seen++;
  if (__builtin_expect(number != *next, 0)) {
    oracle_see_irregular(oracle, receiver, sender, number);
    return;
  }
  *next = number + 1;
  uint64_t message = (uint64_t)sender << 32 | number;
  seeing->order = (seeing->order ^ message) * 0x9e3779b97f4a7c15u;
  seeing->order ^= seeing->order >> 32;
}

/// The last word, when nothing more is to come: what was sent and never seen
/// is lost, and receivers whose order differs from that of most misordered.
void oracle_finish(Oracle *oracle, const uint32_t *sent_by_sender);

#endif
