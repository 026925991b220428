import { event } from "./define.ts";
import { sessionId } from "./ids.ts";

export const sessionEnded = event("session.ended", {
  summary:
    "In the inbox: one of one's sessions is over, on some device. That device's connections are closed with 4003; the others have nothing to do. Whoever is closed so asks GET /api/me before forgetting anything: a new password, or a claimed account, brings the same browser a new session.",
  data: { session: sessionId },
  example: { stream: "inbox", seq: 7, session: "s_5f0c9a72e1b84d36" },
});
