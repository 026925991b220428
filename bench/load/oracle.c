#include "oracle.h"

#include <stdlib.h>

// Enough to tell a late message from a doubled one in any run worth reading;
// where more is missing, late ones are counted as doubled.
#define MISSING_MAX 4096

void oracle_begin(Oracle *oracle, uint32_t receivers, uint32_t senders,
                  uint32_t rooms) {
  *oracle =
      (Oracle){.receivers = receivers, .senders = senders, .rooms = rooms};
  uint64_t pairs = (uint64_t)receivers * senders;
  oracle->receiver = calloc(receivers, sizeof *oracle->receiver);
  oracle->next = malloc(pairs * sizeof *oracle->next);
  oracle->missing = malloc(MISSING_MAX * sizeof *oracle->missing);
  for (uint64_t i = 0; i < pairs; i++) oracle->next[i] = 1;
  for (uint32_t i = 0; i < receivers; i++) oracle->receiver[i].room = NOWHERE;
  oracle->sender_room = calloc(senders, sizeof *oracle->sender_room);
  oracle->audience = calloc(rooms, sizeof *oracle->audience);
}

void oracle_place_receiver(Oracle *oracle, uint32_t receiver, uint32_t room) {
  oracle->receiver[receiver].room = room;
  oracle->audience[room]++;
}

void oracle_place_sender(Oracle *oracle, uint32_t sender, uint32_t room) {
  oracle->sender_room[sender] = room;
}

static void remember_missing(Oracle *oracle, Missing missing) {
  oracle->lost++;
  if (oracle->missing_count < MISSING_MAX) {
    oracle->missing[oracle->missing_count++] = missing;
  }
}

static bool forget_missing(Oracle *oracle, Missing late) {
  for (uint32_t i = 0; i < oracle->missing_count; i++) {
    Missing *missing = &oracle->missing[i];
    if (missing->receiver != late.receiver) continue;
    if (missing->sender != late.sender) continue;
    if (missing->number != late.number) continue;
    *missing = oracle->missing[--oracle->missing_count];
    return true;
  }
  return false;
}

void oracle_see_irregular(Oracle *oracle, uint32_t receiver, uint32_t sender,
                          uint32_t number) {
  oracle->receiver[receiver].irregular = true;
  uint32_t *next = &oracle->next[(uint64_t)receiver * oracle->senders + sender];
  if (number > *next) {
    while (*next < number) {
      remember_missing(oracle, (Missing){receiver, sender, *next});
      ++*next;
    }
    *next = number + 1;
  } else if (forget_missing(oracle, (Missing){receiver, sender, number})) {
    oracle->lost--;
    oracle->misordered++;
  } else {
    oracle->doubled++;
  }
}

static int compare_orders(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left;
  uint64_t b = *(const uint64_t *)right;
  return a < b ? -1 : a > b;
}

/// How many of the orders differ from the most common one.
static uint64_t count_deviating(uint64_t *orders, uint32_t count) {
  qsort(orders, count, sizeof *orders, compare_orders);
  uint32_t most = 0;
  uint32_t run = 0;
  for (uint32_t i = 0; i < count; i++) {
    run = i > 0 && orders[i] == orders[i - 1] ? run + 1 : 1;
    if (run > most) most = run;
  }
  return count - most;
}

/// Everybody who listens to this room and missed nothing saw the same order.
static void compare_room(Oracle *oracle, uint32_t room, uint64_t *orders) {
  uint32_t regular = 0;
  for (uint32_t i = 0; i < oracle->receivers; i++) {
    const Receiver *receiver = &oracle->receiver[i];
    if (receiver->room != room || receiver->irregular) continue;
    orders[regular++] = receiver->order;
  }
  oracle->misordered += count_deviating(orders, regular);
}

void oracle_finish(Oracle *oracle, const uint32_t *sent_by_sender) {
  for (uint32_t receiver = 0; receiver < oracle->receivers; receiver++) {
    uint32_t *next = &oracle->next[(uint64_t)receiver * oracle->senders];
    for (uint32_t sender = 0; sender < oracle->senders; sender++) {
      if (oracle->sender_room[sender] != oracle->receiver[receiver].room) {
        continue;
      }
      // A number that was never sent is the doing of a server that makes them
      // up; it has been counted as a gap already.
      if (next[sender] > sent_by_sender[sender]) continue;
      oracle->lost += sent_by_sender[sender] + 1 - next[sender];
      oracle->receiver[receiver].irregular = true;
    }
  }
  uint64_t *orders = malloc(oracle->receivers * sizeof *orders);
  for (uint32_t room = 0; room < oracle->rooms; room++) {
    compare_room(oracle, room, orders);
  }
  free(orders);
}
