import { connect as connectPlain, isIP, type Socket } from "node:net";
import {
  connect as connectTls,
  type PeerCertificate,
  type TLSSocket,
} from "node:tls";

/** Whatever is asked has this long for its whole answer. */
export const answerMsMax = 5_000;

/** Parley's longest answer that the doctor asks for is a tenth of this. */
const bytesMax = 2_097_152;

/** Why nothing came of a conversation; `code` is the system's, or one of ours. */
export class LineError extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** What a server's side of TLS was found to be. */
export interface TlsFacts {
  protocol: string;
  certificate: PeerCertificate;
  /** Why a browser would not go on; undefined: it would. */
  objection: string | undefined;
}

export interface LineOptions {
  /** Authorities that are trusted besides the usual ones. */
  ca?: string | undefined;
  msMax?: number;
  /** For what an old client would be offered. */
  newestTls?: "TLSv1.1";
}

/**
 * One connection to a server that may be anything: what it says is bounded in
 * time and size, and read byte by byte, because what stands between is what is
 * looked for.
 */
export class Line implements Disposable {
  readonly #socket: Socket;
  readonly #late: ReturnType<typeof setTimeout>;
  #bytes = Buffer.alloc(0);
  #error: LineError | undefined;
  #isEnded = false;
  #isTaken = false;
  #changed: () => void = () => undefined;
  #deadline: number;

  private constructor(socket: Socket, msMax: number) {
    this.#socket = socket;
    this.#deadline = performance.now() + msMax;
    this.#late = setInterval(() => {
      if (performance.now() < this.#deadline) return;
      this.#fail(new LineError("TIMEOUT", "it does not answer in time"));
    }, 50);
    socket.on("data", (data: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, data]);
      if (this.#bytes.length > bytesMax) {
        this.#fail(new LineError("TOO_MUCH", "its answer has no end"));
      }
      this.#changed();
    });
    socket.on("error", (error: Error) => {
      const code = "code" in error ? String(error.code) : "";
      this.#fail(new LineError(code, error.message, error));
    });
    socket.on("close", () => {
      this.#isEnded = true;
      this.#changed();
    });
    socket.on("end", () => {
      this.#isEnded = true;
      this.#changed();
    });
  }

  static async open(url: URL, options: LineOptions = {}): Promise<Line> {
    const { msMax = answerMsMax } = options;
    const isSecure = url.protocol === "https:";
    const socket = isSecure ? secure(url, options) : plain(url);
    const line = new Line(socket, msMax);
    const ready = Promise.withResolvers<undefined>();
    socket.once(isSecure ? "secureConnect" : "connect", () => {
      ready.resolve(undefined);
    });
    line.#changed = () => {
      if (line.#error !== undefined) ready.reject(line.#error);
      else if (line.#isEnded) ready.reject(closed());
    };
    try {
      await ready.promise;
      return line;
    } catch (error) {
      line[Symbol.dispose]();
      throw error;
    }
  }

  /** Undefined without TLS. */
  get tls(): TlsFacts | undefined {
    if (!("getPeerCertificate" in this.#socket)) return undefined;
    const socket = this.#socket as TLSSocket;
    const { authorizationError: objection } = socket;
    return {
      protocol: socket.getProtocol() ?? "",
      certificate: socket.getPeerCertificate(),
      objection: socket.authorized ? undefined : codeOf(objection),
    };
  }

  write(data: string | Buffer): void {
    this.#socket.write(data);
  }

  /** Gives what comes next so much more time from now on. */
  extend(ms: number): void {
    this.#deadline = performance.now() + ms;
  }

  /**
   * Waits until `read` finds what it looks for at the beginning of what came,
   * and takes it from there. `isEnded`: nothing more will come.
   */
  async take<Value>(
    read: (
      bytes: Buffer,
      isEnded: boolean,
    ) => { value: Value; used: number } | undefined,
  ): Promise<Value> {
    if (this.#isTaken) throw new Error("two read one line");
    this.#isTaken = true;
    try {
      for (;;) {
        const changed = new Promise<void>((resolve) => {
          this.#changed = resolve;
        });
        // What was cut off has no end that one could read up to.
        const isEnded = this.#isEnded && this.#error === undefined;
        const found = read(this.#bytes, isEnded);
        if (found !== undefined) {
          this.#bytes = this.#bytes.subarray(found.used);
          return found.value;
        }
        if (this.#error !== undefined) throw this.#error;
        if (this.#isEnded) throw closed();
        await changed;
      }
    } finally {
      this.#isTaken = false;
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#late);
    this.#socket.destroy();
  }

  #fail(error: LineError): void {
    this.#error ??= error;
    clearInterval(this.#late);
    this.#socket.destroy();
    this.#changed();
  }
}

function closed(): LineError {
  return new LineError("CLOSED", "it closed the connection");
}

function plain(url: URL): Socket {
  return connectPlain({ host: hostOf(url), port: Number(url.port || 80) });
}

function secure(url: URL, { ca, newestTls }: LineOptions): Socket {
  const host = hostOf(url);
  return connectTls({
    ...{ host, port: Number(url.port || 443) },
    ALPNProtocols: ["http/1.1"],
    // Whom one talks to is found out afterwards, and said.
    rejectUnauthorized: false,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(newestTls === undefined
      ? {}
      : { minVersion: "TLSv1", maxVersion: newestTls }),
  });
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

/** The types say an error, and it is a word at times. */
function codeOf(error: unknown): string {
  if (typeof error === "string") return error;
  if (error instanceof Error && "code" in error) return String(error.code);
  return "unknown";
}
