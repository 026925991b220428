import type { MakersOfRooms } from "@parley/protocol";
import { shallowRef } from "vue";

/** Who may make rooms here, as the place said last; the server decides all the same. */
export const roomsBy = shallowRef<MakersOfRooms>("everybody");
