import { afterAll, beforeAll, describe } from "bun:test";
import { acceptingContract } from "./contract/accepting.contract.ts";
import { administrationContract } from "./contract/administration.contract.ts";
import { claimingContract } from "./contract/claiming.contract.ts";
import { invitationsContract } from "./contract/invitations.contract.ts";
import { joiningContract } from "./contract/joining.contract.ts";
import { listsContract } from "./contract/lists.contract.ts";
import { StoreUnderTest, type Place } from "./contract/store-under-test.ts";

/** What every store promises of the place as a whole: its door and its people. */
export function placeStoreContract(name: string, makePlace: () => Place): void {
  describe(`a place in ${name}`, () => {
    const under = new StoreUnderTest(makePlace());
    // PostgreSQL has to be started first.
    beforeAll(under.open, 60_000);
    afterAll(under.clear);

    joiningContract(under);
    invitationsContract(under);
    acceptingContract(under);
    administrationContract(under);
    listsContract(under);
    claimingContract(makePlace);
  });
}
