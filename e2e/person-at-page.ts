import { expect, type Locator, type Page } from "@playwright/test";

/** Somebody in front of the page: does what a person does, sees what a person sees. */
export class PersonAtPage {
  readonly page: Page;
  readonly name: string;
  readonly #url: string;
  #node = "";

  constructor(page: Page, url: string, name: string) {
    this.page = page;
    this.#url = url;
    this.name = name;
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        this.#node = nodeIn(String(payload)) ?? this.#node;
      });
    });
  }

  /** What the node that greeted this person last calls itself. */
  get node(): string {
    return this.#node;
  }

  async join(): Promise<void> {
    await this.page.goto(this.#url);
    await this.page.getByLabel(/^(E-mail|邮箱)/).fill("someone@example.org");
    await this.page.getByLabel(/^(Name|名字)/).fill(this.name);
    await this.page.keyboard.press("Enter");
    await expect(this.composer).toBeVisible();
  }

  get composer(): Locator {
    return this.page.locator("form textarea");
  }

  get timeline(): Locator {
    return this.page.getByRole("log");
  }

  /** The message with this text, as it stands in the timeline. */
  message(text: string | RegExp): Locator {
    return this.timeline.locator("article").filter({ hasText: text });
  }

  /** Stored messages in the order of the screen, as [seq, cid]. */
  async stored(): Promise<[number, string][]> {
    return this.timeline
      .locator('article[data-status="stored"]')
      .evaluateAll((rows) =>
        rows.map((row): [number, string] => [
          Number(row.getAttribute("data-seq")),
          row.getAttribute("data-cid") ?? "",
        ]),
      );
  }

  /** Up to where the server knows this person to have read the lobby. */
  async readInLobby(): Promise<number | undefined> {
    return this.page.evaluate(async () => {
      const answer = await fetch("/api/rooms");
      const { rooms } = (await answer.json()) as {
        rooms: { kind: string; read: number }[];
      };
      return rooms.find(({ kind }) => kind === "lobby")?.read;
    });
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
    await expect(this.composer).toHaveValue("");
  }

  async sees(text: string | RegExp): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
    await expect(this.message(text)).toHaveAttribute("data-status", "stored");
  }

  /** Cuts this person's network, or gives it back. */
  async setOffline(isOffline: boolean): Promise<void> {
    await this.page.context().setOffline(isOffline);
  }
}

/** The node's name, where a frame holds the welcome. */
function nodeIn(frame: string): string | undefined {
  if (!frame.includes('"welcome"')) return undefined;
  const objects = [JSON.parse(frame) as unknown].flat() as {
    type?: string;
    node?: string;
  }[];
  return objects.find(({ type }) => type === "welcome")?.node;
}
