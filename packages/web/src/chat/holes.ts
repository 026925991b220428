// What of a room's history is known, for the screens that draw it.
export { holesOf, oldestOf, runsOf } from "@parley/client";
