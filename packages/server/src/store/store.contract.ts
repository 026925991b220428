import { afterAll, beforeAll, describe } from "bun:test";
import { accountsContract } from "./contract/accounts.contract.ts";
import { cidContract } from "./contract/cid.contract.ts";
import { deletionContract } from "./contract/deletion.contract.ts";
import { directContract } from "./contract/direct.contract.ts";
import { directoryContract } from "./contract/directory.contract.ts";
import { logContract } from "./contract/log.contract.ts";
import { membershipContract } from "./contract/membership.contract.ts";
import { onceContract } from "./contract/once.contract.ts";
import { pagesContract } from "./contract/pages.contract.ts";
import { passwordsContract } from "./contract/passwords.contract.ts";
import { peopleContract } from "./contract/people.contract.ts";
import { peopleFoundContract } from "./contract/people-found.contract.ts";
import { permissionsContract } from "./contract/permissions.contract.ts";
import { placeContract } from "./contract/place.contract.ts";
import { presenceContract } from "./contract/presence.contract.ts";
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
    onceContract(under);
    rightsContract(under);
    permissionsContract(under);
    roomsContract(under);
    membershipContract(under);
    directContract(under);
    deletionContract(under);
    pagesContract(under);
    unreadContract(under);
    directoryContract(under);
    peopleContract(under);
    peopleFoundContract(under);
    sessionsContract(under);
    accountsContract(under);
    passwordsContract(under);
    placeContract(under);
    presenceContract(under);
  });
}
