import type { RowStatus, Seen, SeenRow } from "./seen.ts";

/** What the page calls with each record, as JSON. */
export const bindingName = "parleySeen";

/** What the page has besides, for whoever makes the run. */
export interface ObservedWindow extends Window {
  parleyLook?: (isQuiet: boolean) => void;
}

type Told<Record = Seen> = Record extends Seen
  ? Omit<Record, "t" | "life" | "n">
  : never;

/**
 * Runs in the page before any of its own scripts, and tells what goes over its
 * sockets and what stands on it. It goes there as text, so that it can use
 * nothing from outside of itself.
 */
export function observe(binding: string): void {
  if (window.top !== window || !location.protocol.startsWith("http")) return;
  const life = String(performance.timeOrigin);
  const send = (window as unknown as Record<string, (json: string) => void>)[
    binding
  ];
  const now = () => performance.timeOrigin + performance.now();
  const told: string[] = [];
  const tell = (record: Told, t = now()) => {
    const json = JSON.stringify({ t, life, n: told.length, ...record });
    told.push(json);
    send?.(json);
  };

  tell({ k: "life" });
  watchSockets();
  watchPages();
  watchEnter();
  watchRows();
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    // What was told in the moment of leaving went to nobody.
    for (const json of told) send?.(json);
    tell({ k: "returned" });
  });

  function watchSockets() {
    let count = 0;
    window.WebSocket = new Proxy(WebSocket, {
      construct(native, parameters: [string, string[]]) {
        const socket = new native(...parameters);
        count += 1;
        watchSocket(socket, count);
        return socket;
      },
    });
  }

  function watchSocket(socket: WebSocket, conn: number) {
    const sends = socket.send.bind(socket);
    const closes = socket.close.bind(socket);
    socket.addEventListener("open", () =>
      tell({ k: "socket", conn, is: "open" }),
    );
    socket.addEventListener("message", ({ data }) =>
      tell({ k: "socket", conn, is: "in", text: String(data) }),
    );
    socket.addEventListener("close", ({ code }) =>
      tell({ k: "socket", conn, is: "closed", code, by: "server" }),
    );
    socket.send = (data) => {
      tell({ k: "socket", conn, is: "out", text: data as string });
      sends(data);
    };
    socket.close = (code = 1005, reason) => {
      tell({ k: "socket", conn, is: "closed", code, by: "client" });
      if (code === 1005) closes();
      else closes(code, reason);
    };
  }

  function watchPages() {
    const fetches = window.fetch.bind(window);
    window.fetch = async (input, init) => {
      const asked = now();
      const answer = await fetches(input, init);
      const url = answer.url;
      if (answer.ok && /\/messages(\?|$)/.test(url)) {
        const text = await answer.clone().text();
        tell({ k: "page", asked, url, text });
      }
      return answer;
    };
  }

  function watchEnter() {
    let pressed: { text: string; t: number } | undefined;
    const fieldOf = ({ target, key }: KeyboardEvent) =>
      key === "Enter" && target instanceof HTMLTextAreaElement
        ? target
        : undefined;
    window.addEventListener(
      "keydown",
      (event) => {
        const field = fieldOf(event);
        pressed = field && { text: field.value, t: now() };
      },
      { capture: true },
    );
    // The page's own listener has run, and drawn what it changed.
    window.addEventListener("keydown", (event) => {
      const field = fieldOf(event);
      const isSent = event.defaultPrevented && field?.value === "";
      if (!isSent || pressed === undefined || pressed.text === "") return;
      const { text, t } = pressed;
      tell({ k: "enter", stream: openRoom(), text }, t);
    });
  }

  function watchRows() {
    let shown: string[] = [];
    let shownOf = "";
    let looks = 0;
    let isAsked = false;
    const lookLater = () => {
      if (isAsked) return;
      isAsked = true;
      requestAnimationFrame(() => {
        isAsked = false;
        look();
      });
    };
    document.addEventListener("readystatechange", () => {
      if (document.readyState !== "interactive") return;
      new MutationObserver(lookLater).observe(document.body, {
        ...{ subtree: true, childList: true, characterData: true },
        attributeFilter: ["data-seq", "data-cid", "data-status"],
      });
    });
    setInterval(look, 200);
    (window as ObservedWindow).parleyLook = (isQuiet) => {
      look();
      if (isQuiet) tellQuiet();
    };

    function look() {
      const stream = openRoom();
      if (stream === "") return;
      looks += 1;
      const rows = readRows();
      const now = rows.map((row) => JSON.stringify(row));
      if (stream !== shownOf) shown = [];
      const [top, end] = sameEnds(shown, now);
      const isSame = top === now.length && now.length === shown.length;
      if (stream === shownOf && isSame) return;
      const changed = rows.slice(top, rows.length - end);
      tell({ k: "rows", stream, same: [top, end], rows: changed, looks });
      shown = now;
      shownOf = stream;
      looks = 0;
    }
  }

  function readRows(): SeenRow[] {
    const found = document.querySelectorAll(
      '[role="log"] :is([data-cid], [data-hole])',
    );
    return Array.from(found, (row): SeenRow => {
      const { seq, cid, status } = (row as HTMLElement).dataset;
      if (cid === undefined) return "hole";
      return [
        seq === undefined ? null : Number(seq),
        cid,
        status as RowStatus,
        row.querySelector(".message-text")?.textContent ?? "",
      ];
    });
  }

  function sameEnds(before: string[], after: string[]): [number, number] {
    const length = Math.min(before.length, after.length);
    let top = 0;
    while (top < length && before[top] === after[top]) top += 1;
    let end = 0;
    while (end < length - top && before.at(-1 - end) === after.at(-1 - end)) {
      end += 1;
    }
    return [top, end];
  }

  function openRoom(): string {
    const link = document.querySelector("[data-stream][aria-current]");
    return link?.getAttribute("data-stream") ?? "";
  }

  function tellQuiet() {
    const links = document.querySelectorAll<HTMLElement>("[data-stream]");
    const badges = Array.from(links, (link) => [
      link.dataset["stream"],
      link.querySelector(".count > [aria-hidden]")?.textContent ?? "",
    ]);
    tell({
      ...{ k: "quiet", title: document.title },
      badges: Object.fromEntries(badges) as Record<string, string>,
      draft: document.querySelector("textarea")?.value ?? "",
    });
  }
}
