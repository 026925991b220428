import { http, ofPeople, ofPlace, ofRooms, wordOf } from "./questions.ts";
import { mailDomain, type Part } from "./template.ts";

const ranks = ["owner", "administrator", "moderator", "member"] as const;

const whose = ["own", "an owner's", "a moderator's", "unknown"] as const;

function invitationAs(changes: object): { body: object } {
  const usual = { role: "guest", bound: false, rooms: [] as string[] };
  const rest = { uses: 1, expiresInHours: 1, note: "" };
  return { body: { ...usual, ...rest, ...changes } };
}

/** Letting others in. */
const invitationQuestions = [
  http({
    rows: whose,
    route: "GET /api/invitations",
    ask: () => ({}),
    lists: (answer, { invitations }, row) =>
      answer.includes(invitations[row].id),
  }),
  http({
    rows: [...ranks, "bot", "guest", "bound to nothing"],
    route: "POST /api/invitations",
    isHarmless: true,
    title: "as what",
    ask: (_, row) =>
      invitationAs(
        row === "bound to nothing" ? { bound: true } : { role: row },
      ),
  }),
  http({
    ...ofRooms,
    route: "POST /api/invitations",
    isHarmless: true,
    title: "a guest, into this room",
    ask: (part, row) => invitationAs({ rooms: [part.rooms[row].stream] }),
  }),
  http({
    ...ofRooms,
    route: "POST /api/invitations",
    isHarmless: true,
    title: "a guest who is bound to this room",
    ask: (part, row) =>
      invitationAs({ rooms: [part.rooms[row].stream], bound: true }),
  }),
  http({
    rows: whose,
    route: "DELETE /api/invitations/{id}",
    ask: ({ invitations }, row) => ({
      path: `/api/invitations/${invitations[row].id}`,
    }),
  }),
];

function ofPerson(what: string, body?: object) {
  return ({ people }: Part, row: keyof Part["people"]) => ({
    path: `/api/admin/people/${people[row]}${what}`,
    ...(body === undefined ? {} : { body }),
  });
}

function ofRoom(body: object) {
  return ({ rooms }: Part, row: keyof Part["rooms"]) => ({
    ...{ path: `/api/admin/rooms/${rooms[row].stream}`, body },
  });
}

/** What is done to the place and its people. */
export const adminQuestions = [
  ...invitationQuestions,
  http({
    ...ofPeople,
    route: "GET /api/admin/people",
    ask: ({ asking }, row) => {
      const name = {
        ...{ self: `Asking ${asking.name}`, unknown: "Nobody at all" },
        "the server": "Parley",
      } as Record<string, string>;
      const query = name[row] ?? `${row} for ${asking.name}`;
      return { path: `/api/admin/people?query=${encodeURIComponent(query)}` };
    },
    lists: (answer, { people }, row) => answer.includes(people[row]),
  }),
  http({
    rows: ranks,
    route: "POST /api/admin/people",
    isHarmless: true,
    ask: (part, role) => ({
      body: {
        ...{ email: `${role}.${wordOf(part)}@${mailDomain}`, role },
        name: `Added ${role} ${wordOf(part)}`,
        username: `${role.slice(0, 3)}-${wordOf(part)}`,
      },
    }),
  }),
  ...ranks.map((role) =>
    http({
      ...ofPeople,
      route: "PATCH /api/admin/people/{id}",
      title: `to ${role}`,
      ask: ofPerson("", { role }),
    }),
  ),
  http({
    ...ofPeople,
    route: "POST /api/admin/people/{id}/suspend",
    title: "suspend",
    ask: ofPerson("/suspend", { suspended: true }),
  }),
  http({
    ...ofPeople,
    route: "POST /api/admin/people/{id}/suspend",
    title: "restore",
    ask: ofPerson("/suspend", { suspended: false }),
  }),
  http({
    ...ofPeople,
    route: "POST /api/admin/people/{id}/reset-link",
    ask: ofPerson("/reset-link", {}),
  }),
  http({
    ...ofPeople,
    route: "POST /api/admin/people/{id}/sign-out",
    ask: ofPerson("/sign-out", {}),
  }),
  http({
    ...ofPeople,
    route: "GET /api/admin/people/{id}/sessions",
    ask: ofPerson("/sessions"),
  }),
  http({
    ...ofRooms,
    route: "GET /api/admin/rooms",
    ask: () => ({}),
    lists: (answer, { rooms }, row) => answer.includes(rooms[row].stream),
  }),
  http({
    ...ofRooms,
    route: "PATCH /api/admin/rooms/{stream}",
    title: "archived, or restored",
    ask: (part, row) => ofRoom({ archived: row !== "archived" })(part, row),
  }),
  http({
    ...ofRooms,
    route: "PATCH /api/admin/rooms/{stream}",
    title: "for newcomers",
    ask: ofRoom({ isDefault: true }),
  }),
  http({ ...ofPlace, route: "GET /api/admin/settings", ask: () => ({}) }),
  http({
    ...ofPlace,
    route: "PATCH /api/admin/settings",
    isHarmless: true,
    ask: () => ({ body: { language: "en" } }),
  }),
  http({ ...ofPlace, route: "GET /api/admin/outbound", ask: () => ({}) }),
  http({ ...ofPlace, route: "GET /api/admin/log", ask: () => ({}) }),
];
