import type { Me, PlaceSettings, Rank } from "@parley/protocol";
import { newPersonId, newToken } from "../../identifiers.ts";
import { founder } from "../founder.ts";
import type { InvitationToMake } from "../writes/invitations.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

const dayMs = 86_400_000;

/** People with accounts and their invitations, in the contract's words. */
export class PeopleUnderTest {
  readonly #under: StoreUnderTest;

  constructor(under: StoreUnderTest) {
    this.#under = under;
  }

  /** Somebody with an account who was made this by the operator. */
  readonly account = async (
    role: Rank | "member",
    name = `Person ${newToken(8)}`,
  ): Promise<Me> => {
    const { store } = this.#under;
    const { me } = await store.write("addPerson", {
      ...{ id: newPersonId(), by: founder, role, name, lobby: store.lobby },
      ...{ username: newToken(12).toLowerCase(), email: "p@example.org" },
      ...{ rooms: [], link: { tokenHash: newToken(20), forMs: dayMs } },
    });
    return me;
  };

  /** An invitation; answers its token's hash. */
  readonly invitation = async (
    { id: by }: { id: string },
    wanted: Partial<InvitationToMake> = {},
  ): Promise<string> => {
    const tokenHash = newToken(20);
    await this.#under.store.write("makeInvitation", {
      ...{ id: `i_${newToken(10)}`, tokenHash, by, role: "guest" },
      ...{ bound: false, rooms: [], uses: null, forMs: null, note: "" },
      ...wanted,
    });
    return tokenHash;
  };

  /** What `addGuest` takes for somebody new. */
  readonly newcomer = (name = "Nina") => {
    const { store } = this.#under;
    return {
      ...{ id: newPersonId(), name, email: "nina@example.org" },
      ...{ lobby: store.lobby, origin: "page" as const },
      session: {
        tokenHash: newToken(30),
        expiresAt: Date.now() + dayMs,
      },
    };
  };

  /** What `addAccount` takes for somebody new who was invited so. */
  readonly newAccount = (invitation: string) => ({
    ...this.newcomer(`Person ${newToken(8)}`),
    ...{ username: newToken(12).toLowerCase(), secret: "$argon2id$none" },
    ...{ invitation, rooms: [] },
  });

  /** Decides something for the place, as the operator. */
  readonly decide = (changes: Partial<PlaceSettings>): Promise<unknown> =>
    this.#under.store.write("changeSettings", { by: founder, changes });
}
