import { ofPeople, ofPlace, ofRooms, socket, wordOf } from "./questions.ts";

/** What is asked over the socket. A command of the catalog without a table here fails the test. */
export const socketQuestions = [
  socket({
    ...ofRooms,
    command: "hello",
    isHarmless: true,
    params: ({ rooms }, row) => ({ cursors: { [rooms[row].stream]: null } }),
  }),
  socket({
    ...ofRooms,
    command: "follow",
    isHarmless: true,
    params: ({ rooms }, row) => ({ stream: rooms[row].stream, cursor: null }),
  }),
  socket({
    ...ofRooms,
    command: "unfollow",
    isHarmless: true,
    params: ({ rooms }, row) => ({ stream: rooms[row].stream }),
  }),
  socket({
    ...ofRooms,
    command: "history",
    isHarmless: true,
    params: ({ rooms }, row) => ({
      ...{ stream: rooms[row].stream, after: 0, upTo: 2 },
    }),
  }),
  socket({
    ...ofRooms,
    command: "message.post",
    isHarmless: true,
    params: ({ rooms }, row) => ({ stream: rooms[row].stream, text: "hello" }),
  }),
  socket({
    ...ofRooms,
    command: "message.delete",
    title: "one's own",
    params: ({ rooms }, row) => {
      const { stream, own = row === "unknown" ? 1 : undefined } = rooms[row];
      return own === undefined ? undefined : { stream, message: own };
    },
  }),
  socket({
    ...ofRooms,
    command: "message.delete",
    title: "another's",
    right: "message.delete",
    params: ({ rooms }, row) => ({
      ...{ stream: rooms[row].stream, message: rooms[row].others },
    }),
  }),
  socket({
    rows: ["public", "private"],
    command: "room.create",
    isHarmless: true,
    params: (part, kind) => ({ name: `New ${wordOf(part)} ${kind}`, kind }),
  }),
  socket({
    ...ofRooms,
    command: "room.join",
    params: ({ rooms }, row) => ({ stream: rooms[row].stream }),
  }),
  socket({
    ...ofRooms,
    command: "room.leave",
    params: ({ rooms }, row) => ({ stream: rooms[row].stream }),
  }),
  socket({
    ...ofRooms,
    command: "room.change",
    title: "the topic",
    right: "room.change",
    params: (part, row) => ({
      ...{ stream: part.rooms[row].stream, topic: `About ${wordOf(part)}` },
    }),
  }),
  socket({
    ...ofRooms,
    command: "room.change",
    title: "the name",
    right: "room.change",
    params: (part, row) => ({
      stream: part.rooms[row].stream,
      name: `Named ${wordOf(part)} ${row}`,
    }),
  }),
  socket({
    ...ofRooms,
    command: "room.change",
    title: "for announcements, or no longer",
    right: "room.change",
    params: ({ rooms }, row) => ({
      ...{ stream: rooms[row].stream, readOnly: row !== "announcement" },
    }),
  }),
  socket({
    ...ofRooms,
    command: "room.change",
    title: "private, or public again",
    right: "room.widen",
    params: ({ rooms }, row) => ({
      stream: rooms[row].stream,
      kind: row === "private" ? "public" : "private",
    }),
  }),
  socket({
    ...ofRooms,
    command: "room.change",
    title: "archived, or restored",
    params: ({ rooms }, row) => ({
      ...{ stream: rooms[row].stream, archived: row !== "archived" },
    }),
  }),
  socket({
    ...ofRooms,
    command: "room.invite",
    title: "somebody with an account",
    right: "room.invite",
    params: ({ rooms, people: { outsider } }, row) => ({
      ...{ stream: rooms[row].stream, people: [outsider] },
    }),
  }),
  socket({
    ...ofPeople,
    command: "room.invite",
    title: "into a public room that they are not in",
    params: ({ rooms, people }, row) => ({
      ...{ stream: rooms.second.stream, people: [people[row]] },
    }),
  }),
  socket({
    ...ofRooms,
    command: "room.remove",
    title: "a member",
    right: "room.remove",
    params: ({ rooms, people: { member } }, row) => ({
      ...{ stream: rooms[row].stream, person: member },
    }),
  }),
  socket({
    ...ofPeople,
    command: "room.remove",
    title: "from the public room",
    params: ({ rooms, people }, row) => ({
      ...{ stream: rooms.public.stream, person: people[row] },
    }),
  }),
  socket({
    ...ofPeople,
    command: "room.remove",
    title: "from the private room",
    params: ({ rooms, people }, row) => ({
      ...{ stream: rooms.private.stream, person: people[row] },
    }),
  }),
  socket({
    ...ofRooms,
    command: "member.change",
    title: "a member becomes its moderator",
    right: "member.change",
    params: ({ rooms, people: { member } }, row) => ({
      ...{ stream: rooms[row].stream, person: member, moderator: true },
    }),
  }),
  socket({
    ...ofPeople,
    command: "member.change",
    title: "moderator of the public room",
    params: ({ rooms, people }, row) => ({
      stream: rooms.public.stream,
      ...{ person: people[row], moderator: true },
    }),
  }),
  socket({
    ...ofPeople,
    command: "direct.open",
    params: ({ people }, row) => ({ people: [people[row]] }),
  }),
  socket({
    ...ofRooms,
    command: "room.arrange",
    title: "among the favourites",
    isHarmless: true,
    params: ({ rooms }, row) => ({
      ...{ stream: rooms[row].stream, favourite: true },
    }),
  }),
  socket({
    ...ofRooms,
    command: "room.arrange",
    title: "out of sight",
    params: ({ rooms }, row) => ({
      ...{ stream: rooms[row].stream, hidden: true },
    }),
  }),
  socket({
    ...ofRooms,
    command: "read.mark",
    isHarmless: true,
    params: ({ rooms }, row) => ({ stream: rooms[row].stream, upTo: 2 }),
  }),
  socket({
    ...ofPlace,
    command: "preferences.set",
    isHarmless: true,
    params: () => ({ showsPresence: false }),
  }),
  socket({
    ...ofPeople,
    command: "person.block",
    params: ({ people }, row) => ({ person: people[row], blocked: true }),
  }),
];
