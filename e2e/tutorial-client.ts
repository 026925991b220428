import type { Browser, Page } from "@playwright/test";

interface TutorialWindow {
  socket: WebSocket;
  received: { email: string; username: string; message: string }[];
}

/**
 * What a WebSocket tutorial has its reader write: a socket without a
 * subprotocol, objects of three keys out, the same three in. In a browser, as
 * there; the health page serves as an empty page of the same origin.
 */
export class TutorialClient implements AsyncDisposable {
  readonly #page: Page;
  readonly #username: string;

  private constructor(page: Page, username: string) {
    this.#page = page;
    this.#username = username;
  }

  static async open(
    browser: Browser,
    url: string,
    username: string,
  ): Promise<TutorialClient> {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${url}/healthz`);
    await page.evaluate(async () => {
      const socket = new WebSocket(`ws://${location.host}/ws`);
      const received: TutorialWindow["received"] = [];
      socket.onmessage = ({ data }) => {
        received.push(JSON.parse(String(data)) as (typeof received)[number]);
      };
      Object.assign(window, { socket, received });
      await new Promise((resolve) => {
        socket.onopen = resolve;
      });
    });
    return new TutorialClient(page, username);
  }

  async say(message: string): Promise<void> {
    const email = "tom@example.org";
    const text = JSON.stringify({ email, username: this.#username, message });
    await this.#page.evaluate((sent) => {
      (window as unknown as TutorialWindow).socket.send(sent);
    }, text);
  }

  async received(): Promise<TutorialWindow["received"]> {
    return this.#page.evaluate(
      () => (window as unknown as TutorialWindow).received,
    );
  }

  /** Says "message 1." to "message N.", each after it has heard the one before. */
  async sayMany(count: number): Promise<void> {
    await this.#page.evaluate(
      async ({ count: all, username }) => {
        const { socket } = window as unknown as TutorialWindow;
        const email = "tom@example.org";
        for (let number = 1; number <= all; number += 1) {
          const message = `message ${number}.`;
          const heard = new Promise((resolve) => {
            socket.addEventListener("message", resolve, { once: true });
          });
          socket.send(JSON.stringify({ email, username, message }));
          await heard;
        }
      },
      { count, username: this.#username },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#page.context().close();
  }
}
