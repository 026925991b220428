import { expect, type Locator, type Page } from "@playwright/test";

/** Somebody in front of the page: does what a person does, sees what a person sees. */
export class PersonAtPage {
  readonly page: Page;
  readonly name: string;
  readonly #url: string;
  #node = "";
  readonly #frames: string[] = [];

  constructor(page: Page, url: string, name: string) {
    this.page = page;
    this.#url = url;
    this.name = name;
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        this.#node = nodeIn(String(payload)) ?? this.#node;
        this.#frames.push(String(payload));
      });
    });
  }

  /** What the node that greeted this person last calls itself. */
  get node(): string {
    return this.#node;
  }

  /** Every frame that reached this browser, in order. */
  get frames(): readonly string[] {
    return this.#frames;
  }

  /** Goes to a page of the place, or to a link that somebody gave them. */
  async goTo(pathOrLink = "/"): Promise<void> {
    await this.page.goto(new URL(pathOrLink, this.#url).href);
  }

  async join(): Promise<void> {
    await this.goTo();
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

  /** What the API answers this browser, whatever it is. */
  async asks(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    return this.page.evaluate(
      async ({ method, path, body }) => {
        const answer = await fetch(`/api/${path}`, {
          method,
          ...(body !== undefined && {
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
        });
        return {
          status: answer.status,
          body: (await answer.json()) as unknown,
        };
      },
      { method, path, body },
    );
  }

  /** What the API tells this browser. */
  async told<Told>(path: string): Promise<Told> {
    const { status, body } = await this.asks("GET", path);
    expect(status).toBe(200);
    return body as Told;
  }

  /** Up to where the server knows this person to have read the lobby. */
  async readInLobby(): Promise<number | undefined> {
    const { rooms } = await this.told<{
      rooms: { kind: string; read: number }[];
    }>("rooms");
    return rooms.find(({ kind }) => kind === "lobby")?.read;
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

  /** The list of rooms at the side. */
  get rooms(): Locator {
    return this.page.getByRole("navigation", { name: "Rooms" });
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  /** What stands over the timeline: which room is open. */
  heading(room: string): Locator {
    return this.page.getByRole("heading", { name: room, level: 2 });
  }

  /** Where a room, or a conversation with these people, stands in the list. */
  listed(name: string): Locator {
    const exactly = this.page.getByText(name, { exact: true });
    return this.rooms.getByRole("listitem").filter({ has: exactly });
  }

  async openRoom(name: string): Promise<void> {
    await this.listed(name).getByRole("button").click();
    await expect(this.heading(name)).toBeVisible();
  }

  /** Makes a room and stands in it. */
  async makeRoom(
    name: string,
    kind: "Public" | "Private" = "Public",
  ): Promise<void> {
    await this.page.getByRole("button", { name: "New room" }).click();
    await this.dialog.getByLabel("Name").fill(name);
    await this.dialog.getByRole("radio", { name: kind }).check();
    await this.dialog.getByRole("button", { name: "Create room" }).click();
    await expect(this.heading(name)).toBeVisible();
  }

  /** Lets people who are here already into the open room. */
  async invite(...names: readonly string[]): Promise<void> {
    await this.choose("Options of this room", "Invite people");
    await this.pick(...names);
    await this.dialog.getByRole("button", { name: "Invite people" }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Begins, or finds again, a conversation with these people. */
  async talkTo(...names: readonly string[]): Promise<void> {
    await this.page.getByRole("button", { name: "New message" }).click();
    await this.pick(...names);
    await this.dialog.getByRole("button", { name: "Open" }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Picks people in the dialog that is open. */
  async pick(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.dialog.getByRole("combobox").fill(name);
      await this.dialog.getByRole("option", { name }).click();
      const taken = this.dialog.getByRole("button", {
        name: `Take ${name} off`,
      });
      await expect(taken).toBeVisible();
    }
  }

  /** Opens a menu by its button and takes what it offers under this name. */
  async choose(button: string, item: string): Promise<void> {
    await this.page.getByRole("button", { name: button, exact: true }).click();
    await this.page.getByRole("menu").getByText(item, { exact: true }).click();
  }

  async openSettings(section: string): Promise<void> {
    const button = this.page.getByTitle("You and your settings");
    await button.click();
    await this.page.getByRole("button", { name: /^Settings/ }).click();
    await this.dialog.getByRole("button", { name: section }).click();
  }

  async signOut(): Promise<void> {
    await this.page.getByTitle("You and your settings").click();
    await this.page.getByRole("button", { name: "Sign out" }).click();
  }

  /** From the door on: what was typed may be wrong. */
  async signIn(login: string, password: string): Promise<void> {
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.enterPassword(login, password);
  }

  async enterPassword(login: string, password: string): Promise<void> {
    await this.page.getByLabel("User name or e-mail").fill(login);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.keyboard.press("Enter");
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
