import { dlopen, FFIType, ptr } from "bun:ffi";

/** Linux' number of the clock that no setting of the time moves. */
const clockMonotonic = 1;

/**
 * Milliseconds of the machine's own monotonic clock, the same in all its
 * processes. Bun's clocks count from the start of each process and Worker, so
 * they cannot order two of them. It is read each time: a difference to Bun's
 * clock that is taken once is wrong by as long as the process had to wait for
 * its turn in between, which is milliseconds where processors are busy.
 */
export function sharedClock(): () => number {
  const { symbols } = dlopen("libc.so.6", {
    clock_gettime: {
      args: [FFIType.i32, FFIType.ptr],
      returns: FFIType.i32,
    },
  });
  const time = new BigInt64Array(2);
  const at = ptr(time);
  return () => {
    symbols.clock_gettime(clockMonotonic, at);
    const [seconds = 0n, nanoseconds = 0n] = time;
    return Number(seconds) * 1_000 + Number(nanoseconds) / 1e6;
  };
}
