import { afterAll, beforeAll, describe } from "bun:test";
import { cidContract } from "./contract/cid.contract.ts";
import { directoryContract } from "./contract/directory.contract.ts";
import { logContract } from "./contract/log.contract.ts";
import { pagesContract } from "./contract/pages.contract.ts";
import { peopleContract } from "./contract/people.contract.ts";
import { placeContract } from "./contract/place.contract.ts";
import { rightsContract } from "./contract/rights.contract.ts";
import { roomsContract } from "./contract/rooms.contract.ts";
import { unreadContract } from "./contract/unread.contract.ts";
import { sessionsContract } from "./contract/sessions.contract.ts";
import { StoreUnderTest, type Place } from "./contract/store-under-test.ts";

/**
 * What every store promises, whatever it is made of. The numbers are those of
 * docs/guarantees.md.
 */
export function storeContract(name: string, makePlace: () => Place): void {
  describe(`the store on ${name}`, () => {
    const under = new StoreUnderTest(makePlace());
    // PostgreSQL has to be started first.
    beforeAll(under.open, 60_000);
    afterAll(under.clear);

    logContract(under);
    cidContract(under);
    rightsContract(under);
    roomsContract(under);
    pagesContract(under);
    unreadContract(under);
    directoryContract(under);
    peopleContract(under);
    sessionsContract(under);
    placeContract(under);
  });
}
