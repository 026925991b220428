import { goodPassword } from "../../testing/test-account.ts";
import { http, ofPeople, ofPlace, ofRooms, wordOf } from "./questions.ts";
import { usernameOf } from "./rows.ts";
import { mailDomain, type Part, type Spot } from "./template.ts";

const otherPassword = "violet tractor umbrella";

/** An address that nobody else has. */
function mailOf(part: Pick<Part, "id">): string {
  return `${wordOf(part)}@${mailDomain}`;
}

/** Where one begins without being anybody: what anonymous people may ask too. */
export const doors = [
  http({ ...ofPlace, route: "GET /healthz", ask: () => ({}) }),
  http({ ...ofPlace, route: "GET /livez", ask: () => ({}) }),
  http({ ...ofPlace, route: "GET /api/openapi.json", ask: () => ({}) }),
  http({ ...ofPlace, route: "GET /api/server", ask: () => ({}) }),
  http({
    rows: ["by the open door", "invited as a member"],
    route: "POST /api/join",
    ask: (part, row) => {
      const email = mailOf(part);
      const who = { email, name: `New ${wordOf(part)}` };
      if (row === "by the open door") return { body: who };
      const { token: invitation } = part.invitations["an owner's"];
      const account = { username: wordOf(part), password: goodPassword };
      return { body: { ...who, ...account, invitation } };
    },
  }),
  http({
    rows: ["own", "an owner's", "a moderator's", "unknown"],
    route: "POST /api/invitations/look",
    isHarmless: true,
    ask: ({ invitations }, row) => ({
      body: { token: invitations[row].token },
    }),
  }),
  http({
    ...ofPlace,
    route: "POST /api/setup",
    isHarmless: true,
    ask: (part) => ({
      body: {
        ...{ code: "A".repeat(43), email: mailOf(part), name: "New owner" },
        ...{ username: wordOf(part), password: goodPassword },
        place: { name: "Mine", joinMode: "open", domains: [], language: "en" },
      },
    }),
  }),
  http({
    rows: ["member", "suspended"],
    route: "POST /api/sign-in",
    ask: ({ people }, row) => ({
      body: {
        login: usernameOf({ id: people[row] }),
        password: goodPassword,
      },
      signsIn: people[row],
    }),
  }),
  http({
    rows: ["a member's link", "unknown"],
    route: "POST /api/reset",
    ask: ({ resetToken, people }, row) => ({
      body: {
        token: row === "unknown" ? "A".repeat(43) : resetToken,
        password: otherPassword,
      },
      signsIn: people.member,
    }),
  }),
];

function ofStream(what: string) {
  return ({ rooms }: Part, row: keyof Part["rooms"]) => ({
    path: `/api/streams/${streamOf(rooms[row])}/${what}`,
  });
}

function streamOf({ stream }: Spot): string {
  return stream;
}

/** What those who are signed in ask. */
export const signedInQuestions = [
  http({ ...ofPlace, route: "GET /api/me", ask: () => ({}) }),
  http({
    rows: ["name", "username", "email"],
    route: "PATCH /api/me",
    ask: (part, row) => ({
      body: {
        name: { name: `Renamed ${wordOf(part)}` },
        username: { username: `named-${wordOf(part)}` },
        email: { email: mailOf(part) },
      }[row],
    }),
  }),
  http({ ...ofPlace, route: "POST /api/leave", ask: () => ({ body: {} }) }),
  http({
    ...ofPlace,
    route: "POST /api/account",
    ask: (part) => ({
      body: {
        ...{ email: mailOf(part), username: wordOf(part) },
        ...{ name: `Member ${wordOf(part)}`, password: goodPassword },
      },
    }),
  }),
  http({
    ...ofPlace,
    route: "POST /api/confirm",
    ask: () => ({ body: { password: goodPassword } }),
  }),
  http({
    ...ofPlace,
    route: "POST /api/password",
    ask: () => ({ body: { current: goodPassword, password: otherPassword } }),
  }),
  http({ ...ofPlace, route: "GET /api/sessions", ask: () => ({}) }),
  http({
    rows: ["own", "another's", "unknown"],
    route: "DELETE /api/sessions/{id}",
    ask: ({ sessions }, row) => ({ path: `/api/sessions/${sessions[row]}` }),
  }),
  http({
    ...ofPlace,
    route: "POST /api/sessions/end-others",
    ask: () => ({ body: {} }),
  }),
  http({
    rows: ["own", "an owner's", "a moderator's", "unknown"],
    route: "POST /api/invitations/accept",
    ask: ({ invitations }, row) => ({
      body: { token: invitations[row].token },
    }),
  }),
  http({
    ...ofRooms,
    route: "GET /api/rooms",
    ask: () => ({}),
    lists: (answer, { rooms }, row) => answer.includes(rooms[row].stream),
  }),
  http({
    ...ofRooms,
    route: "GET /api/directory",
    ask: () => ({}),
    lists: (answer, { rooms }, row) => answer.includes(rooms[row].stream),
  }),
  http({
    ...ofRooms,
    route: "GET /api/streams/{stream}/messages",
    ask: ofStream("messages"),
  }),
  http({
    ...ofRooms,
    route: "GET /api/streams/{stream}/members",
    ask: ofStream("members"),
  }),
  http({
    ...ofRooms,
    route: "GET /api/streams/{stream}/presence",
    ask: ofStream("presence"),
  }),
  http({
    ...ofPeople,
    route: "GET /api/people",
    ask: ({ people }, row) => ({ path: `/api/people?ids=${people[row]}` }),
    lists: (answer, { people }, row) => answer.includes(people[row]),
  }),
  http({
    ...ofPeople,
    route: "GET /api/people/search",
    ask: ({ asking }, row) => {
      const name = {
        ...{ self: `Asking ${asking.name}`, unknown: "Nobody at all" },
        "the server": "Parley",
      } as Record<string, string>;
      const query = name[row] ?? `${row} for ${asking.name}`;
      return { path: `/api/people/search?query=${encodeURIComponent(query)}` };
    },
    lists: (answer, { people }, row) => answer.includes(people[row]),
  }),
  http({
    ...ofPeople,
    route: "GET /api/people/{id}/avatar",
    ask: ({ people }, row) => ({ path: `/api/people/${people[row]}/avatar` }),
  }),
];
