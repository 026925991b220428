import type { WhoAnswer } from "./connection.ts";
import { fetchMe } from "./account-api.ts";
import { isSignedOut, type Place } from "./http.ts";

/** Whether it is still this person who is signed in. */
export function askWho(
  place: Place,
  person: string,
  done: (answer: WhoAnswer) => void,
): void {
  fetchMe(place, (fetched) => {
    if (fetched.status === "fine") {
      done(fetched.value.me.id === person ? "signed-in" : "signed-out");
    } else done(isSignedOut(fetched.error) ? "signed-out" : "unreachable");
  });
}
