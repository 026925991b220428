let newest = 0;

/**
 * The next of all moments of this process: what happened first has the lower
 * number. Unlike a clock's, no two are alike.
 */
export function nextMoment(): number {
  newest += 1;
  return newest;
}
