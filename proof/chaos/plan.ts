import type { ConnectOptions } from "../../packages/client/src/index.ts";

/** Somebody who has joined. */
export interface PlannedPerson {
  me: ConnectOptions["me"];
  cookie: string;
  /** Streams that they are members of from the beginning. */
  rooms: string[];
  /** Whether they have a password to come back with. */
  hasAccount: boolean;
}

/** Where somebody sits down again after their session had ended. */
export interface Seat {
  /** The device as it was called. */
  before: string;
  planned: PlannedDevice;
}

/** One client: a tab of a browser. */
export interface PlannedDevice {
  name: string;
  person: number;
  /** Tabs of the same browser share its storage. */
  browser: string;
  /** Its own way to the servers. */
  url: string;
  /** Comes and goes in rooms, instead of talking steadily. */
  isRestless: boolean;
}

/** What one client process is told at its start. */
export interface ClientPlan {
  seed: number;
  /** Counts the lives of this process. */
  life: number;
  /** When its life before this one was ended, by the clock of all. */
  killedAt: number | null;
  history: string;
  storageFolder: string;
  people: PlannedPerson[];
  devices: PlannedDevice[];
  /** Posts per second of all its devices together. */
  rate: number;
  lobby: string;
}

/** What the runner says to a client process. */
export type Order =
  | { do: "talk"; isOn: boolean }
  /** Somebody looks at every page: no need to wait any longer. */
  | { do: "wake" }
  | { do: "unplug"; device: string }
  | { do: "reload"; device: string }
  /** They have signed in again: new pages, in browsers that know nothing of them. */
  | { do: "seat"; person: number; cookie: string; seats: Seat[] }
  /** For so long, some posts are sent a second time over another connection. */
  | { do: "repeat"; forMs: number }
  | { do: "status" }
  /** Nothing is on its way: write down what every screen shows. */
  | { do: "look" };

/** How a device is, at a glance. */
export interface DeviceStatus {
  isLive: boolean;
  /** Rows that are not stored yet, without those that were given up. */
  pending: number;
  /** What else was asked and has no answer. */
  doing: number;
  heads: Record<string, number>;
  /** Its person's marks. */
  reads: Record<string, number>;
}

/** What a client process says to the runner. */
export type Told =
  | { is: "ready" }
  | { is: "looked" }
  | {
      is: "status";
      acknowledged: number;
      reconnects: number;
      wrote: number;
      failed: number;
      rssBytes: number;
      /** Read marks that are not confirmed yet. */
      marking: number;
      devices: Record<string, DeviceStatus>;
    };
