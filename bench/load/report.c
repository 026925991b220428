// The result as one JSON object on standard output.
#include <stdio.h>

#include "load.h"

static void print_latency(const char *name, const Histogram *histogram) {
  if (histogram->count == 0) {
    printf("\"%s\":null", name);
    return;
  }
  const struct {
    const char *name;
    double quantile;
  } quantiles[] = {
      {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}};
  printf("\"%s\":{\"count\":%lu", name, histogram->count);
  for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
    printf(",\"%sUs\":%lu", quantiles[i].name,
           histogram_quantile(histogram, quantiles[i].quantile));
  }
  printf(",\"maxUs\":%lu}", histogram->max);
}

static double ratio(double value, double by) { return by > 0 ? value / by : 0; }

static void print_connect(const Load *load, const Costs *costs) {
  double connections = load->options.connections;
  double cpu_s = costs->connected.cpu_s - costs->before.cpu_s;
  double bytes = costs->connected.rss_bytes - costs->before.rss_bytes;
  printf("\"connect\":{\"seconds\":%.3f,\"cpuUsPerConnection\":%.2f,"
         "\"rssBytesPerConnection\":%.0f},",
         costs->connect_s, cpu_s * 1e6 / connections, bytes / connections);
}

static void print_idle(const Load *load, const Costs *costs) {
  double connections = load->options.connections;
  double seconds = load->options.hold_s;
  if (seconds == 0) {
    printf("\"idle\":null,");
    return;
  }
  double cpu_s = costs->held.cpu_s - costs->connected.cpu_s;
  double bytes = costs->held.rss_bytes - costs->before.rss_bytes;
  printf("\"idle\":{\"seconds\":%.3f,\"cpuPercent\":%.3f,"
         "\"cpuUsPerConnectionSecond\":%.3f,\"rssBytesPerConnection\":%.0f},",
         seconds, cpu_s * 100 / seconds, cpu_s * 1e6 / seconds / connections,
         bytes / connections);
}

static void print_processes(const Load *load, const Costs *costs) {
  const Options *options = &load->options;
  double seconds = costs->measured_s;
  printf("\"pidCpuPercents\":[");
  for (int i = 0; i < options->pid_count; i++) {
    printf("%s%.2f", i > 0 ? "," : "", costs->pid_cpu_s[i] * 100 / seconds);
  }
  printf("],\"beside\":[");
  for (int i = 0; i < options->helper_count; i++) {
    printf("%s{\"name\":\"%s\",\"cpuPercent\":%.2f}", i > 0 ? "," : "",
           options->helpers[i].name, costs->helper_cpu_s[i] * 100 / seconds);
  }
  printf("],");
}

static void print_traffic(const Load *load, const Costs *costs) {
  double seconds = costs->measured_s;
  if (seconds == 0) {
    printf("\"traffic\":null,");
    return;
  }
  double deliveries = (double)load->measured_deliveries;
  double cpu_s = costs->measure_end.cpu_s - costs->measure_start.cpu_s;
  double others_s = costs->machine_cpu_s - cpu_s - costs->own_cpu_s;
  for (int i = 0; i < load->options.helper_count; i++) {
    others_s -= costs->helper_cpu_s[i];
  }
  if (others_s < 0) others_s = 0; // The clocks count whole ticks.
  printf("\"traffic\":{\"seconds\":%.3f,\"sent\":%lu,\"sentPerSecond\":%.1f,"
         "\"deliveries\":%lu,\"deliveriesPerSecond\":%.1f,\"frames\":%lu,"
         "\"bytes\":%lu,\"deliveriesPerFrame\":%.3f,"
         "\"bytesPerDelivery\":%.1f,",
         seconds, load->measured_sent, (double)load->measured_sent / seconds,
         load->measured_deliveries, deliveries / seconds, load->measured_frames,
         load->measured_bytes, ratio(deliveries, (double)load->measured_frames),
         ratio((double)load->measured_bytes, deliveries));
  printf("\"serverCpuPercent\":%.2f,\"cpuUsPerDelivery\":%.4f,"
         "\"generatorCpuPercent\":%.2f,\"othersCpuPercent\":%.2f,",
         cpu_s * 100 / seconds, ratio(cpu_s * 1e6, deliveries),
         costs->own_cpu_s * 100 / seconds, others_s * 100 / seconds);
  printf("\"answers\":%lu,\"answersPerSecond\":%.1f,",
         load->measured_answers, (double)load->measured_answers / seconds);
  print_processes(load, costs);
  print_latency("received", &load->received);
  printf(",");
  print_latency("crossed", &load->crossed);
  printf(",");
  print_latency("answered", &load->acknowledged);
  printf("},");
}

bool report(const Load *load, const Costs *costs) {
  const Oracle *oracle = &load->oracle;
  uint64_t unanswered =
      load->options.answer ? load->sent - load->answered : 0;
  bool is_void = oracle->lost || oracle->doubled || oracle->misordered ||
                 oracle->stray || load->damaged || load->refused || unanswered || load->closed;
  printf("{\"connections\":%u,\"publishers\":%u,\"bodyBytes\":%u,",
         load->options.connections, load->options.publishers,
         load->options.body_bytes);
  print_connect(load, costs);
  print_idle(load, costs);
  print_traffic(load, costs);
  printf("\"rssBytes\":{\"before\":%.0f,\"connected\":%.0f,\"after\":%.0f},",
         costs->before.rss_bytes, costs->connected.rss_bytes,
         costs->after.rss_bytes);
  printf("\"oracle\":{\"sent\":%lu,\"checked\":%lu,\"lost\":%lu,"
         "\"doubled\":%lu,\"misordered\":%lu,\"stray\":%lu,\"damaged\":%lu,\"refused\":%lu,"
         "\"unanswered\":%lu,\"closed\":%lu,\"closeCode\":%d},",
         load->sent, oracle->seen, oracle->lost, oracle->doubled,
         oracle->misordered, oracle->stray, load->damaged, load->refused, unanswered,
         load->closed, load->close_code);
  printf("\"void\":%s}\n", is_void ? "true" : "false");
  return !is_void;
}
