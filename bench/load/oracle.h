// Watches what every receiver is given. Each must see every sender's messages
// as 1, 2, 3 … without loss, repeat or inversion, and all receivers must see
// the messages of all senders in one and the same order. It must keep up with
// three million deliveries a second, so the regular case is a handful of
// instructions and everything else is out of line.
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  uint64_t order; // a hash of the sequence of messages seen so far
  bool irregular; // lost, doubled or misordered: its hash says nothing
} Receiver;

typedef struct {
  uint32_t receiver;
  uint32_t sender;
  uint32_t number;
} Missing;

typedef struct {
  uint32_t receivers;
  uint32_t senders;
  Receiver *receiver;
  uint32_t *next;   // the number each receiver expects from each sender
  Missing *missing; // skipped so far: lost, unless they still come
  uint32_t missing_count;
  uint64_t seen;
  uint64_t lost;
  uint64_t doubled;
  uint64_t misordered;
} Oracle;

void oracle_begin(Oracle *oracle, uint32_t receivers, uint32_t senders);

/// A delivery that is not the one expected next.
void oracle_see_irregular(Oracle *oracle, uint32_t receiver, uint32_t sender,
                          uint32_t number);

/// `sender` and `receiver` must be in range.
static inline void oracle_see(Oracle *oracle, uint32_t receiver,
                              uint32_t sender, uint32_t number) {
  Receiver *seeing = &oracle->receiver[receiver];
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
