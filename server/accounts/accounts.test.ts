import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, type OpenStore } from "../store/index.ts";
import { Accounts, LIFE } from "./index.ts";
import { hashPassword, isPassword } from "./password.ts";

const PASSWORD = "correct horse battery";
const FROM = { address: "192.0.2.1", agent: "a browser" };
const MINUTE = 60_000;

let store: OpenStore;
let now: number;
let drawn: number;

beforeEach(async () => {
  store = await openStore(":memory:");
  now = 1_795_255_200_000;
  drawn = 0;
});
afterEach(() => store.close());

/** The accounts, as after a start of the server. */
function open(): Promise<Accounts> {
  const random = (count: number): Uint8Array => new Uint8Array(count).fill(++drawn);
  return Accounts.open({ store: store.people, now: () => now, random, cost: { cost: 4, r: 1, p: 1 } });
}

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "done",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

test("passwords are salted, and kept with the parameters of their hash", async () => {
  const hashed = await hashPassword(PASSWORD, { cost: 5, r: 2, p: 1 });
  expect(hashed).toMatch(/^scrypt\$5\$2\$1\$[\w-]{22}\$[\w-]{43}$/);
  expect(await hashPassword(PASSWORD, { cost: 5, r: 2, p: 1 })).not.toBe(hashed);
  expect(await isPassword(PASSWORD, hashed)).toBe(true);
  expect(await isPassword("correct horse batterx", hashed)).toBe(false);
  // The same letters, typed on another keyboard.
  expect(
    await isPassword(
      "u\u0308ber allen Gipfeln",
      await hashPassword("\u00fcber allen Gipfeln", { cost: 4, r: 1, p: 1 }),
    ),
  ).toBe(true);
});

test("the first account is an admin's, and there is always one", async () => {
  const accounts = await open();
  expect(accounts.exist).toBe(false);
  expect(await code(accounts.add("Ada", PASSWORD, "learner"))).toBe("no-accounts");
  const ada = await accounts.add("Ada", PASSWORD, "admin");
  expect(accounts.exist).toBe(true);
  const bob = await accounts.add("Bob", PASSWORD, "learner");
  expect(await code(accounts.remove(ada.id))).toBe("last-admin");
  expect(await code(accounts.setRole(ada.id, "learner"))).toBe("last-admin");
  await accounts.setRole(bob.id, "admin");
  await accounts.remove(ada.id);
  expect((await open()).list().map(({ name, role }) => [name, role])).toEqual([["Bob", "admin"]]);
});

test("names that look the same are the same, and passwords are not too short", async () => {
  const accounts = await open();
  await accounts.add("Ada L", PASSWORD, "admin");
  for (const name of ["ada l", " ADA  L ", "Ａda L"])
    expect(await code(accounts.add(name, PASSWORD, "learner"))).toBe("name-taken");
  for (const name of ["", " ", "<b>", "-x", "a".repeat(65), "a\nb"])
    expect(await code(accounts.add(name, PASSWORD, "learner"))).toBe("bad-name");
  expect(await code(accounts.add("Bob", "too short", "learner"))).toBe("bad-password");
});

test("a session lasts until it ends, also over a restart, and is kept as a hash only", async () => {
  const accounts = await open();
  const { id } = await accounts.add("Ada", PASSWORD, "admin");
  const { secret, session, user } = await accounts.signIn("ada", PASSWORD, FROM);
  expect(user).toEqual({ id, name: "Ada", role: "admin" });
  expect(await accounts.sessions.find(secret)).toEqual({ user, session });
  expect(await accounts.sessions.find("x")).toBeUndefined();
  const [row] = await store.people.accountSessions(id, now);
  expect(row!.token).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(row)).not.toContain(secret);
  const again = await open();
  expect(await again.sessions.find(secret)).toEqual({ user, session });
  now += LIFE;
  expect(await again.sessions.find(secret)).toBeUndefined();
  expect(await accounts.sessions.find(secret)).toBeUndefined();
});

test("sessions are listed and ended, and who is connected hears of it", async () => {
  const accounts = await open();
  const { id } = await accounts.add("Ada", PASSWORD, "admin");
  const first = await accounts.signIn("Ada", PASSWORD, FROM);
  now += MINUTE;
  const second = await accounts.signIn("Ada", PASSWORD, { ...FROM, agent: "b".repeat(1000) });
  now += 10 * MINUTE;
  await accounts.sessions.find(second.secret);
  expect(await accounts.sessions.of(id, first.session)).toEqual([
    { id: second.session, agent: "b".repeat(300), createdAt: now - 10 * MINUTE, seenAt: now, current: false },
    { id: first.session, agent: "a browser", createdAt: now - 11 * MINUTE, seenAt: now - 11 * MINUTE, current: true },
  ]);
  const ended: string[] = [];
  accounts.sessions.whenEnded(first.session, () => ended.push("first"));
  const off = accounts.sessions.whenEnded(second.session, () => ended.push("never"));
  off();
  expect(await code(accounts.sessions.end("somebody else", first.session))).toBe("unknown-session");
  await accounts.sessions.end(id, first.session);
  await accounts.sessions.end(id, second.session);
  expect([ended, await accounts.sessions.find(first.secret)]).toEqual([["first"], undefined]);
});

test("another password or role ends sessions; one's own change keeps the one that asks", async () => {
  const accounts = await open();
  const { id } = await accounts.add("Ada", PASSWORD, "admin");
  const here = await accounts.signIn("Ada", PASSWORD, FROM);
  const there = await accounts.signIn("Ada", PASSWORD, FROM);
  expect(await code(accounts.changePassword(id, "wrong", "another password", here.session))).toBe("bad-credentials");
  await accounts.changePassword(id, PASSWORD, "another password", here.session);
  expect(await accounts.sessions.find(here.secret)).toBeDefined();
  expect(await accounts.sessions.find(there.secret)).toBeUndefined();
  expect(await code(accounts.signIn("Ada", PASSWORD, FROM))).toBe("bad-credentials");
  await accounts.setPassword(id, "a third password");
  expect(await accounts.sessions.find(here.secret)).toBeUndefined();
  const { secret } = await accounts.signIn("Ada", "a third password", FROM);
  await accounts.add("Bob", PASSWORD, "admin");
  await accounts.setRole(id, "learner");
  expect(await accounts.sessions.find(secret)).toBeUndefined();
});

test("passwords are not guessed: so many tries for a name, so many from an address", async () => {
  const accounts = await open();
  await accounts.add("Ada", PASSWORD, "admin");
  await accounts.add("Eve", PASSWORD, "learner");
  const tries = (name: string, count: number, address: string): Promise<string[]> =>
    Promise.all(
      Array.from({ length: count }, () => code(accounts.signIn(name, "a wrong password", { ...FROM, address }))),
    );
  expect(await tries("Ada", 11, "192.0.2.1")).toEqual([...Array(10).fill("bad-credentials"), "too-many-requests"]);
  // From everywhere, and with the right password too.
  expect(await code(accounts.signIn("Ada", PASSWORD, { ...FROM, address: "192.0.2.2" }))).toBe("too-many-requests");
  // Signing in to an account of one's own gives no more tries at others from there.
  for (let each = 0; each < 19; each++) {
    expect(await tries(`nobody ${each}`, 1, "192.0.2.1")).toEqual(["bad-credentials"]);
    if (each < 18) await accounts.signIn("Eve", PASSWORD, { ...FROM, address: "192.0.2.1" });
  }
  expect(await tries("nobody else", 1, "192.0.2.1")).toEqual(["too-many-requests"]);
  now += 15 * MINUTE + 1;
  expect((await accounts.signIn("Ada", PASSWORD, FROM)).user.name).toBe("Ada");
});

test("an unknown name takes the same work as a known one", async () => {
  const accounts = await Accounts.open({
    store: store.people,
    now: () => now,
    random: (count) => new Uint8Array(count),
    cost: { cost: 14, r: 8, p: 1 },
  });
  await accounts.add("Ada", PASSWORD, "admin");
  const time = async (name: string): Promise<number> => {
    const times: number[] = [];
    for (let each = 0; each < 4; each++) {
      const { user } = process.cpuUsage();
      await code(accounts.signIn(name, "a wrong password", FROM));
      times.push(process.cpuUsage().user - user);
    }
    return Math.min(...times);
  };
  const [known, unknown] = [await time("Ada"), await time("nobody")];
  expect(unknown / known).toBeGreaterThan(0.5);
  expect(unknown / known).toBeLessThan(2);
});

test("invitations are used so many times, until they expire or are taken back", async () => {
  const accounts = await open();
  const order = { role: "instructor" as const, uses: 2, days: 1 };
  expect(await code(accounts.invitations.make(order, "local"))).toBe("no-accounts");
  const ada = await accounts.add("Ada", PASSWORD, "admin");
  const { secret, row } = await accounts.invitations.make(order, ada.id);
  expect(JSON.stringify(await accounts.invitations.list())).not.toContain(secret);
  expect(await code(accounts.invitations.accept(secret, "ADA", PASSWORD))).toBe("name-taken");
  expect(await code(accounts.invitations.accept(secret, "Bob", "short"))).toBe("bad-password");
  await accounts.invitations.accept(secret, "Bob", PASSWORD);
  expect((await accounts.signIn("Bob", PASSWORD, FROM)).user.role).toBe("instructor");
  expect((await accounts.invitations.list()).map(({ id, uses, left }) => [id, uses, left])).toEqual([[row.id, 2, 1]]);
  const both = await Promise.all(
    ["Cyd", "Dan"].map((name) => code(accounts.invitations.accept(secret, name, PASSWORD))),
  );
  expect(both.toSorted()).toEqual(["done", "unknown-invitation"]);
  const late = await accounts.invitations.make(order, ada.id);
  now += 24 * 3600_000;
  expect(await code(accounts.invitations.show(late.secret))).toBe("unknown-invitation");
  const back = await accounts.invitations.make(order, ada.id);
  await accounts.invitations.remove(back.row.id);
  expect(await code(accounts.invitations.accept(back.secret, "Eve", PASSWORD))).toBe("unknown-invitation");
});
