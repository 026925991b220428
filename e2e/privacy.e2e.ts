import { expect, test } from "./story.ts";

// The story's own watch fails any page that asks another host for something,
// or whose console reports a breach of the content security policy.

const hostile = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html,<b>)",
  "![x](https://evil.example/p.png) https://evil.example/q.png",
  '[https://bank.example](https://evil.example) https://a"onmouseover=alert(1)//',
  "`</code><svg onload=alert(1)>` <a id=forms name=cookie>",
  "\u202Ebackwards \u2066 unclosed",
  `a${"\u0301".repeat(32)} ${"ﷺ".repeat(300)}`,
  `${"*".repeat(2_000)}${"[".repeat(2_000)}${"> ".repeat(500)}`,
];

test("[T14] [T33] [P20] hostile messages are shown as text, run nothing and ask nobody", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive('"><img src=x>');
  let dialogs = 0;
  ann.page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  for (const text of hostile) await bob.say(text);
  await bob.say("still readable");
  await ann.sees("still readable");
  expect(dialogs).toBe(0);

  const elements = await ann.timeline
    .locator("article *")
    .evaluateAll((found) => [
      ...new Set(found.map((element) => element.tagName.toLowerCase())),
    ]);
  for (const forbidden of ["script", "iframe", "object", "form", "style"]) {
    expect(elements).not.toContain(forbidden);
  }
  const links = await ann.timeline
    .locator("article a")
    .evaluateAll((found) =>
      found.map((link) => (link as HTMLAnchorElement).href),
    );
  for (const link of links) expect(link).toMatch(/^(https?|mailto):/);
});

test("[T16] the page's headers admit nothing inline and nothing from elsewhere", async ({
  parley,
  page,
}) => {
  const response = await page.goto(parley.url);
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  // A script from a string is refused by Trusted Types.
  const refusal = await page.evaluate(() => {
    try {
      document.body.innerHTML = "<b>x</b>";
      return "let through";
    } catch {
      return "refused";
    }
  });
  expect(refusal).toBe("refused");
});
