import { pino } from "pino";
import { randomBytes } from "node:crypto";
import { Accounts } from "../accounts/index.ts";
import { Classes } from "../classes/index.ts";
import type { Attempts, StoredLog } from "../attempts/index.ts";
import { desk } from "../authoring/testing.ts";
import { Reviews } from "../reviews/index.ts";
import { wallClock } from "../sessions/pool/index.ts";
import { openStore, type OpenStore } from "../store/index.ts";
import { createServer, type ServerOptions } from "./server.ts";
import { FakeAttempts } from "./testing.ts";

/** Hashing that costs next to nothing. */
const CHEAP = { cost: 4, r: 1, p: 1 };

export const PASSWORD = "correct horse battery";

/**
 * A server in memory with accounts `admin`, `teacher`, `stranger` (who teaches as well), `owner` (of attempt `a1`) and
 * `other`; not listening.
 */
export async function peopled(options: Partial<ServerOptions> = {}, given?: Attempts) {
  const fake = new FakeAttempts();
  const attempts = given ?? fake;
  const store: OpenStore = await openStore(":memory:");
  const now = (): number => Date.now();
  const accounts = await Accounts.open({ store: store.people, now, random: randomBytes, cost: CHEAP });
  const classes = new Classes({ store, attempts, accounts, clock: wallClock, random: randomBytes });
  const ids: Record<string, string> = {};
  for (const [name, role] of [
    ["admin", "admin"],
    ["teacher", "instructor"],
    ["stranger", "instructor"],
    ["owner", "learner"],
    ["other", "learner"],
  ] as const)
    ids[name] = (await accounts.add(name, PASSWORD, role)).id;
  fake.ownerId = ids["owner"]!;
  /** A class that `teacher` leads, with something that is assigned in it, for which `a1` was started. */
  const makeClass = async (): Promise<{ klass: string; assignment: string }> => {
    const klass = (await classes.make("Monday", ids["teacher"]!)).id;
    const assignment = randomBytes(8).toString("hex");
    const what = { kind: "lab", of: "lost-endpoints", title: "Lost endpoints" } as const;
    const when = { opensAt: 0, closesAt: null, minutes: null, createdAt: 0 };
    await store.classes.addAssignment({ id: assignment, class: klass, ...what, ...when });
    fake.assignment = assignment;
    return { klass, assignment };
  };
  // Of a store without attempts: nothing is ever played again.
  const reviews = new Reviews({
    store,
    log: { flush: () => Promise.resolve() } as StoredLog,
    clock: wallClock,
    spawn: () => {
      throw new Error("nothing is to be played");
    },
  });
  // Whose threads do nothing.
  const { authoring } = desk({ weak: true });
  const routes: { method: string; url: string }[] = [];
  const app = await createServer({
    attempts,
    people: { accounts, classes },
    reviews,
    authoring,
    log: pino({ level: "silent" }),
    version: "0.0.0",
    page: "/nowhere",
    startsPerMinute: 10_000,
    checksPerMinute: 10_000,
    onRoute: (method, url) => void routes.push({ method, url }),
    ...options,
  });
  return {
    app,
    accounts,
    /** The attempts, unless others were given. */
    attempts: fake,
    classes,
    store,
    routes,
    makeClass,
    ids: ids as Readonly<Record<"admin" | "teacher" | "stranger" | "owner" | "other", string>>,
    /** The header of somebody who has just signed in; nothing for `nobody`. */
    async cookie(name: string): Promise<Record<string, string>> {
      if (name === "nobody") return {};
      const { secret } = await accounts.sessions.begin(ids[name]!, "a test");
      return { cookie: `drydock_session=${secret}` };
    },
    async close() {
      await app.close();
      classes.stop();
      await Promise.all([reviews.stop(), authoring.stop()]);
      await store.close();
    },
  };
}
