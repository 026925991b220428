import { describe, expect, test } from "bun:test";
import { checkHistory } from "./check-history.ts";
import { reportOf } from "./report.ts";
import { record, remove, rulesOf } from "./testing/changed-story.ts";
import { endQuietly, soundStory } from "./testing/story.ts";

describe("the checker of histories", () => {
  test("finds nothing in a sound run", () => {
    const story = soundStory();
    endQuietly(story);
    const result = checkHistory(story);
    expect(result.violations).toEqual([]);
    expect(result.verdict).toBe("passed");
    expect(result.counts).toMatchObject({
      ...{ devices: 3, posts: 6, acknowledged: 6, unknown: 0, connections: 3 },
      ...{ quietLooks: 3, violations: {} },
    });
  });

  test("does not care in which order records come, but when", () => {
    const story = soundStory();
    endQuietly(story);
    story.records.reverse();
    expect(rulesOf(story)).toEqual([]);
  });
});

describe("a run that did too little proves nothing", () => {
  test.each([
    ["too few messages", { acknowledgedMin: 7 }],
    ["a fault that never happened", { faultKinds: ["power cut"] }],
    ["a device that never came back", { reconnectsMin: 1 }],
    ["nobody looked when all was quiet", { quietLooksMin: 4 }],
  ])("%s", (_what, demands) => {
    const story = soundStory();
    endQuietly(story);
    const { verdict, reasons } = checkHistory({
      ...story,
      options: { demands },
    });
    expect(verdict).toBe("invalid");
    expect(reasons).not.toBeEmpty();
  });

  test("too many posts of which nobody knows the outcome", () => {
    const story = soundStory();
    remove(story, record(story, "ok", 5));
    endQuietly(story);
    const check = (unknownMax: number) =>
      checkHistory({ ...story, options: { demands: { unknownMax } } }).verdict;
    expect(check(0.05)).toBe("invalid");
    expect(check(0.5)).toBe("passed");
  });

  test("but what it broke is broken", () => {
    const story = soundStory();
    record(story, "recv").d += 1;
    const options = { demands: { acknowledgedMin: 7 } };
    expect(checkHistory({ ...story, options }).verdict).toBe("violated");
  });
});

test("the report tells the first violation and what happened around it", () => {
  const story = soundStory();
  const cid = story.write("ann1", "ann1/1", "room", "lost");
  story.ok("ann1", "ann1/1", "room", cid, 11);
  endQuietly(story);
  const report = reportOf(checkHistory(story), story.records);
  expect(report).toContain("Verdict: violated");
  expect(report).toContain(`[D-1] ${cid} was acknowledged as 11`);
  expect(report).toMatch(/0\.000 ann1 +ok .*seq=11/);
  expect(report.split("\n").length).toBeLessThan(75);
});
