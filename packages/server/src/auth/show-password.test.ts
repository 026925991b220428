import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ParleyError } from "@parley/protocol";
import {
  AccountsUnderTest,
  type TestAccount,
} from "../store/contract/accounts-under-test.ts";
import { StoreUnderTest } from "../store/contract/store-under-test.ts";
import { sqlitePlace } from "../testing/sqlite-place.ts";
import { Accounts } from "./accounts.ts";
import { showOwnPassword, showPassword } from "./show-password.ts";

const right = "correct horse battery";
const wrong = "wrong horse battery";

const under = new StoreUnderTest(sqlitePlace());
let ann: TestAccount;
beforeAll(async () => {
  await under.open();
  const secret = await new Accounts(options()).passwords.hash(right);
  ann = await new AccountsUnderTest(under).account({ secret });
});
afterAll(under.clear);

function options() {
  return { secret: "of the database", isSecure: false, limits: true };
}

const show = (
  accounts: Accounts,
  login: string,
  password: string,
  cookies?: string,
): Promise<string> =>
  answered(
    showPassword(
      { accounts, reads: under.store.reads },
      { login, password, cookies },
    ),
  );

/** The person, or the code of the refusal. */
async function answered(shown: Promise<{ person: string }>): Promise<string> {
  try {
    return (await shown).person;
  } catch (error) {
    if (error instanceof ParleyError) return error.code;
    throw error;
  }
}

describe("a password that is shown", () => {
  test("[T35] costs one hash, whether its login exists, is right, or neither", async () => {
    const accounts = new Accounts(options());
    expect(await show(accounts, ann.username, right)).toBe(ann.id);
    expect(accounts.passwords.begun).toBe(1);
    expect(await show(accounts, ann.username, wrong)).toBe("wrong_password");
    expect(accounts.passwords.begun).toBe(2);
    expect(await show(accounts, "nobody", right)).toBe("wrong_password");
    expect(accounts.passwords.begun).toBe(3);
    expect(await show(accounts, "nobody@example.org", wrong)).toBe(
      "wrong_password",
    );
    expect(accounts.passwords.begun).toBe(4);
  });

  test("[Q10] costs none when it cannot be anybody's", async () => {
    const accounts = new Accounts(options());
    expect(await show(accounts, ann.username, "")).toBe("invalid_value");
    expect(await show(accounts, ann.username, "x".repeat(129))).toBe(
      "too_long",
    );
    expect(await show(accounts, ann.username, "\ud800")).toBe("invalid_text");
    expect(accounts.passwords.begun).toBe(0);
    // And it was no guess.
    expect(accounts.guesses.size).toBe(0);
  });

  test("[T36] costs none while one has to wait, however right it is; a browser that is known does not wait", async () => {
    const accounts = new Accounts(options());
    const cookies = accounts.devices.remember(ann.id, undefined).split(";")[0];
    for (let index = 0; index < 5; index += 1) {
      await show(accounts, ann.username, wrong);
    }
    expect(await show(accounts, ann.username, right)).toBe("rate_limited");
    expect(await show(accounts, ann.username.toUpperCase(), right)).toBe(
      "rate_limited",
    );
    expect(accounts.passwords.begun).toBe(5);
    expect(await show(accounts, ann.username, right, cookies)).toBe(ann.id);
    // That it was right there frees nobody elsewhere.
    expect(await show(accounts, ann.username, right)).toBe("rate_limited");
    // Nor may one guess without end in a browser that is known.
    for (let index = 0; index < 5; index += 1) {
      await show(accounts, ann.username, wrong, cookies);
    }
    expect(await show(accounts, ann.username, right, cookies)).toBe(
      "rate_limited",
    );
  });

  test("[Q11] is no guess when too many wait to be looked at", async () => {
    const accounts = new Accounts(options());
    const crowd = Array.from({ length: 60 }, (_, index) =>
      show(accounts, `nobody${index}`, wrong),
    );
    for (let index = 0; index < 5; index += 1) {
      crowd.push(show(accounts, ann.username, right));
    }
    const answers = await Promise.all(crowd);
    expect(answers.slice(60)).toEqual(
      new Array<string>(5).fill("over_capacity"),
    );
    for (let index = 0; index < 5; index += 1) {
      expect(await show(accounts, ann.username, right)).toBe(ann.id);
    }
  }, 30_000);
});

test("one's own is compared with one's own, and a guest has none", async () => {
  const accounts = new Accounts(options());
  const { reads } = under.store;
  const own = (person: string, password: string) =>
    answered(showOwnPassword({ accounts, reads }, { person, password }));
  const guest = await under.guest("Guest of the house");
  expect(await own(ann.id, right)).toBe(ann.id);
  expect(await own(ann.id, wrong)).toBe("wrong_password");
  expect(await own(guest.id, right)).toBe("forbidden");
});
