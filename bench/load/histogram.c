#include "histogram.h"

#include <math.h>

uint64_t histogram_quantile(const Histogram *histogram, double quantile) {
  uint64_t rank = (uint64_t)ceil(quantile * (double)histogram->count);
  uint64_t passed = 0;
  for (uint32_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
    passed += histogram->buckets[bucket];
    if (passed < rank || passed == 0) continue;
    uint32_t shift = bucket < 128 ? 0 : (bucket >> 6) - 1;
    uint64_t lowest = (uint64_t)(bucket - (shift << 6)) << shift;
    uint64_t highest = lowest + ((uint64_t)1 << shift) - 1;
    return highest < histogram->max ? highest : histogram->max;
  }
  return histogram->max;
}
