import { request as open } from "node:http";
import type { OperatorReply } from "./listen.ts";
import type { OperatorRequest } from "./requests.ts";
import { findSocketPath } from "./socket-file.ts";

/** Nothing that an operator asks takes longer, unless the server hangs. */
const answerMsMax = 20_000;

/** Asks the server that has this folder; undefined when none runs. */
export async function askServer(
  folder: string,
  request: OperatorRequest,
): Promise<OperatorReply | undefined> {
  try {
    return await send(findSocketPath(folder), JSON.stringify(request));
  } catch (error) {
    if (isNobodyThere(error)) return undefined;
    throw error;
  }
}

function send(socketPath: string, body: string): Promise<OperatorReply> {
  return new Promise((resolve, reject) => {
    const request = open(
      { socketPath, path: "/", method: "POST", timeout: answerMsMax },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve(JSON.parse(text) as OperatorReply);
        });
      },
    );
    request.on("timeout", () => {
      request.destroy(new Error("The server that runs here does not answer."));
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** No file, or one that a server left behind that was killed. */
function isNobodyThere(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return ["ENOENT", "ECONNREFUSED", "FailedToOpenSocket"].includes(
    String(code),
  );
}
