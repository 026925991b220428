// Latencies in microseconds, in buckets that grow with the value (64 for each
// power of two), as HdrHistogram has them: a percentile is at most 1.6 % too
// high, whatever its size, and recording costs a few instructions.
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BUCKETS 2048 // 64 × 32: beyond any 32-bit value

typedef struct {
  uint64_t count;
  uint64_t max;
  uint64_t buckets[HISTOGRAM_BUCKETS];
} Histogram;

static inline void histogram_record(Histogram *histogram, uint64_t us) {
  uint32_t value = us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
  // Values below 64 have a bucket each; above, the six bits after the leading
  // one choose it.
  int shift = value < 64 ? 0 : 25 - __builtin_clz(value);
  histogram->buckets[(shift << 6) + (value >> shift)]++;
  histogram->count++;
  if (value > histogram->max) histogram->max = value;
}

/// The highest value that the bucket of this quantile (0 to 1) can hold.
uint64_t histogram_quantile(const Histogram *histogram, double quantile);

#endif
