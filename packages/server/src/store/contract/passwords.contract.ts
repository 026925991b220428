import { describe, expect, test } from "bun:test";
import { founder } from "../founder.ts";
import { publicSessionId } from "../session-id.ts";
import { inboxOf } from "../stream-keys.ts";
import {
  AccountsUnderTest,
  newSecret,
  newSession,
} from "./accounts-under-test.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** What opens an account, and what ends with a password. */
export function passwordsContract(under: StoreUnderTest): void {
  const { fate, log } = under;
  const { account, isOpen, linkFor } = new AccountsUnderTest(under);

  describe("signing in", () => {
    test("is by user name or address without regard to case, and finds nobody otherwise", async () => {
      const jan = await account({ email: "Jan.Example@Example.ORG" });
      const { reads } = under.store;
      const found = { person: jan.id, secret: jan.secret };
      for (const login of [
        ...[jan.username, jan.username.toUpperCase()],
        ...["jan.example@example.org", "JAN.EXAMPLE@EXAMPLE.ORG"],
      ]) {
        expect(await reads.credentialFor(login)).toEqual(found);
      }
      for (const login of ["", "%", `${jan.username}_`, jan.name, "@"]) {
        expect(await reads.credentialFor(login)).toBeUndefined();
      }
    });

    test("is with the password that they have at this moment", async () => {
      const kim = await account();
      const chosen = newSecret();
      const session = newSession();
      const shown = { person: kim.id, secret: kim.secret };
      await under.store.write("changePassword", { ...shown, chosen, session });
      const late = { ...shown, session: newSession() };
      expect(await fate("signIn", late)).toBe("wrong_password");
      expect(await fate("signIn", { ...late, secret: chosen })).toBe("stored");
      expect(await isOpen(late.session.tokenHash)).toBe(true);
    });

    test("leaves no session when the password is changed in the same moment", async () => {
      const lea = await account();
      const shown = { person: lea.id, secret: lea.secret };
      const sessions = Array.from({ length: 5 }, newSession);
      const change = {
        ...{ ...shown, chosen: newSecret(), session: newSession() },
      };
      await Promise.allSettled([
        ...sessions.map((session) =>
          under.store.write("signIn", { ...shown, session }),
        ),
        under.store.write("changePassword", change),
        ...sessions.map(() =>
          under.store.write("signIn", { ...shown, session: newSession() }),
        ),
      ]);
      const now = Date.now();
      const left = await under.store.reads.sessionsOf({ person: lea.id, now });
      expect(left.map(({ tokenHash }) => tokenHash)).toEqual([
        change.session.tokenHash,
      ]);
    });

    test("is refused while one is suspended, and so is a link", async () => {
      const max = await account();
      const link = await linkFor(max.id);
      await under.store.write("suspendPerson", {
        ...{ by: founder, person: max.id, suspended: true },
      });
      const shown = { person: max.id, secret: max.secret };
      expect(await fate("signIn", { ...shown, session: newSession() })).toBe(
        "forbidden",
      );
      const now = Date.now();
      expect(
        await under.store.reads.resetLink({ tokenHash: link, now }),
      ).toBeUndefined();
      const reset = { link, person: max.id, chosen: newSecret() };
      expect(
        await fate("resetPassword", { ...reset, session: newSession() }),
      ).toBe("link_invalid");
    });
  });

  describe("another password", () => {
    test("[A-2] ends all sessions but a new one, which is told, and every link", async () => {
      const nat = await account();
      const other = newSession();
      const shown = { person: nat.id, secret: nat.secret };
      await under.store.write("signIn", { ...shown, session: other });
      const link = await linkFor(nat.id);
      const session = newSession();
      const change = { ...shown, chosen: newSecret(), session };
      await under.store.write("changePassword", change);
      expect(await isOpen(session.tokenHash)).toBe(true);
      const ended = (await log(inboxOf(nat.id)))
        .slice(-2)
        .map(({ event }) =>
          event.type === "session.ended" ? event.session : "",
        );
      expect(ended.toSorted()).toEqual(
        [nat.hash, other.tokenHash].map(publicSessionId).toSorted(),
      );
      expect([await isOpen(nat.hash), await isOpen(other.tokenHash)]).toEqual([
        ...[false, false],
      ]);
      const now = Date.now();
      expect(
        await under.store.reads.resetLink({ tokenHash: link, now }),
      ).toBeUndefined();
      // Asked again after a lost answer.
      expect(await fate("changePassword", change)).toBe("stored");
      expect(await isOpen(session.tokenHash)).toBe(true);
    });

    test("by a link works once, and for its person only", async () => {
      const [oda, pia] = [await account(), await account()];
      const link = await linkFor(oda.id);
      const reset = (person: string) => ({
        ...{ link, person, chosen: newSecret(), session: newSession() },
      });
      expect(await fate("resetPassword", reset(pia.id))).toBe("link_invalid");
      const fates = await Promise.all(
        Array.from({ length: 5 }, () => fate("resetPassword", reset(oda.id))),
      );
      expect(fates.toSorted()).toEqual([
        ...new Array<string>(4).fill("link_invalid"),
        "stored",
      ]);
      expect(await isOpen(oda.hash)).toBe(false);
    });

    test("by a link that has run out is refused", async () => {
      const quin = await account();
      const link = await linkFor(quin.id, -1);
      const reset = { link, person: quin.id, chosen: newSecret() };
      expect(
        await fate("resetPassword", { ...reset, session: newSession() }),
      ).toBe("link_invalid");
    });
  });

  describe("one's own sessions", () => {
    test("are listed without those that are over, the last used first", async () => {
      const ria = await account();
      const shown = { person: ria.id, secret: ria.secret };
      const over = { ...newSession(), expiresAt: Date.now() - 1 };
      await under.store.write("signIn", { ...shown, session: over });
      const session = newSession();
      await under.store.write("signIn", { ...shown, session });
      const now = Date.now();
      const rows = await under.store.reads.sessionsOf({ person: ria.id, now });
      expect(rows.map(({ tokenHash }) => tokenHash).toSorted()).toEqual(
        [ria.hash, session.tokenHash].toSorted(),
      );
      expect(rows[0]).toMatchObject({ agent: "Firefox on Linux" });
    });

    test("[A-4] end one by one, and nobody else's by its name", async () => {
      const [sam, tim] = [await account(), await account()];
      const session = publicSessionId(sam.hash);
      expect(await fate("endOwnSession", { by: tim.id, session })).toBe(
        "not_found",
      );
      expect(await isOpen(sam.hash)).toBe(true);
      expect(await fate("endOwnSession", { by: sam.id, session })).toBe(
        "stored",
      );
      expect(await isOpen(sam.hash)).toBe(false);
      // They have an account and so a way back: they stay in their rooms.
      const { lobby, reads } = under.store;
      expect(await reads.isMember(sam.id, lobby)).toBe(true);
    });

    test("[A-2] all others end at once", async () => {
      const uma = await account();
      const shown = { person: uma.id, secret: uma.secret };
      const others = [newSession(), newSession()];
      for (const session of others) {
        await under.store.write("signIn", { ...shown, session });
      }
      const { ended } = await under.store.write("endOtherSessions", {
        ...{ by: uma.id, tokenHash: uma.hash },
      });
      expect(ended.toSorted()).toEqual(
        others.map(({ tokenHash }) => publicSessionId(tokenHash)).toSorted(),
      );
      expect(await isOpen(uma.hash)).toBe(true);
    });

    test("are confirmed one by one, with the password of this moment", async () => {
      const vic = await account();
      const session = newSession();
      const shown = { person: vic.id, secret: vic.secret };
      await under.store.write("signIn", { ...shown, session });
      const { tokenHash } = session;
      const confirm = { ...shown, tokenHash };
      expect(await fate("confirmSession", confirm)).toBe("stored");
      const wrong = { ...confirm, secret: newSecret() };
      expect(await fate("confirmSession", wrong)).toBe("wrong_password");
    });
  });
}
