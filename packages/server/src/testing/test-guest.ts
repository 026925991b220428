import type { Me, RoomSummary } from "@parley/protocol";
import type { TestServer } from "./start-test-server.ts";

/** Somebody who has joined over HTTP, with the cookie that says so. */
export interface TestGuest {
  me: Me;
  cookie: string;
}

export async function joinAs(
  { url }: Pick<TestServer, "url">,
  name: string,
): Promise<TestGuest> {
  const response = await fetch(`${url}/api/join`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "guest@example.org", name }),
  });
  if (!response.ok) throw new Error(`join: ${await response.text()}`);
  const { me } = (await response.json()) as { me: Me };
  const cookie = response.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { me, cookie };
}

export async function roomsOf(
  { url }: Pick<TestServer, "url">,
  { cookie }: Pick<TestGuest, "cookie">,
): Promise<{ epoch: string; inbox: number; rooms: RoomSummary[] }> {
  const response = await fetch(`${url}/api/rooms`, { headers: { cookie } });
  return (await response.json()) as {
    epoch: string;
    inbox: number;
    rooms: RoomSummary[];
  };
}
