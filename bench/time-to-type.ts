/** One load of the page, as the page itself has seen it. */
export interface PageLoad {
  /** From the start of the navigation until the first field took a text. */
  ms: number;
  /** Scripts and style sheets fetched until then, compressed. */
  bytes: number;
}

// Runs in the page, where nothing of this file is at hand.
const readLoad = `({
  ms: performance.now(),
  bytes: performance
    .getEntriesByType("resource")
    .filter(({ name }) => /\\.(js|css)$/.test(name))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
})`;

/**
 * Loads the page several times with nothing cached, in Chromium. A string says
 * why that cannot be done here.
 */
export async function timeToType(
  origin: string,
  loads: number,
): Promise<PageLoad[] | string> {
  const executablePath = Bun.which("chromium");
  if (executablePath === null) return "chromium is not installed";
  // A dependency of e2e/, not of the benchmarks: without it these figures
  // alone are missing.
  const { chromium } = await import("playwright");
  await using browser = await chromium.launch({ executablePath });
  const results: PageLoad[] = [];
  for (let load = 0; load < loads; load += 1) {
    await using context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(origin, { waitUntil: "commit" });
    await page.locator("input").first().fill("ann@example.org");
    results.push(await page.evaluate<PageLoad>(readLoad));
  }
  return results;
}
