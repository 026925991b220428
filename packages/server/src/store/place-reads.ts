import type { Person, Role, RoomKind } from "@parley/protocol";
import type { DecidedSettings } from "./writes/place-settings.ts";

/** What every node keeps at hand of the place. */
export interface PlaceRow {
  settings: DecidedSettings;
  /** Whether somebody owns it. */
  isClaimed: boolean;
  /** Rooms that newcomers are put into, as long as they are public. */
  defaults: string[];
}

/** What somebody is in the place, for who asks whether they may read something. */
export interface StandingInPlace {
  role: Role;
  bound: boolean;
}

/** An invitation as it can be used now. */
export interface InvitationInForce {
  by: Person;
  role: Role;
  bound: boolean;
  rooms: { stream: string; name: string }[];
  expiresAt: number | null;
}

/** An invitation as those see it who may take it back. */
export interface InvitationRow {
  id: string;
  role: Role;
  bound: boolean;
  rooms: { stream: string; name: string }[];
  note: string;
  /** Null: any number. */
  usesLeft: number | null;
  used: number;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  by: string;
}

/** A person as administrators see them. */
export interface AdministeredPerson extends Person {
  role: Role;
  email: string;
  bound: boolean;
  createdAt: number;
  lastSeenAt: number | null;
  /** Whether they have something to sign in with. */
  hasAccount: boolean;
}

export interface PeopleQuestion {
  /** A part of a name. */
  query: string;
  /** Also of an address. */
  byEmail: boolean;
  /** Only those who come behind this one. */
  after?: string | undefined;
  /** Only these, wherever they are. */
  ids?: readonly string[] | undefined;
  limit: number;
}

export interface AdministeredRoom {
  stream: string;
  name: string;
  kind: RoomKind;
  topic: string;
  members: number;
  archived: boolean;
  readOnly: boolean;
  isDefault: boolean;
  createdAt: number;
}

/** The questions of those who look after the place, and of its door. */
export interface PlaceReads {
  place(): Promise<PlaceRow>;
  /** Undefined for nobody, and for who is suspended. */
  standingInPlace(person: string): Promise<StandingInPlace | undefined>;
  /** Whether this link makes its holder the owner. */
  hasSetupLink(link: { tokenHash: string; now: number }): Promise<boolean>;
  /** Undefined for every invitation that does not hold, whatever the reason. */
  invitationInForce(link: {
    tokenHash: string;
    now: number;
  }): Promise<InvitationInForce | undefined>;
  /** Those that this one made, or all. */
  invitations(of: { by?: string | undefined }): Promise<InvitationRow[]>;
  peopleOfPlace(
    question: PeopleQuestion,
  ): Promise<{ people: AdministeredPerson[]; count: number }>;
  /** The id of who has this id or user name. */
  personCalled(word: string): Promise<string | undefined>;
  roomsOfPlace(query: string): Promise<AdministeredRoom[]>;
}
