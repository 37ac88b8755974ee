import type { AccountSession, User } from "../sessions/protocol/index.ts";
import type { AccountSessionRow, AccountStore } from "../store/index.ts";
import { AccountError } from "./errors.ts";
import { hashSecret, newId, newSecret, type Random } from "./secret.ts";

const DAY = 24 * 3600_000;
/** A session ends after so long, however much it is used. */
export const LIFE = 30 * DAY;
/** How exact it is known when a session was used, in milliseconds: else every request would write. */
const SEEN = 5 * 60_000;
const LONGEST_AGENT = 300;

/** Stands for the session of who had none. */
const NOBODY = "";

/** Somebody signed in. */
export interface SignedIn {
  readonly user: User;
  /** Id of the session. */
  readonly session: string;
  /** What the cookie holds. */
  readonly secret: string;
}

/** In which browsers people are signed in. Only hashes of their cookies are kept. */
export class Sessions {
  readonly #store: AccountStore;
  readonly #now: () => number;
  readonly #random: Random;
  readonly #user: (id: string) => User | undefined;
  /** By hash. What is in here is in the database as well. */
  readonly #known = new Map<string, AccountSessionRow>();
  readonly #ends = new Map<string, Set<() => void>>();

  constructor(store: AccountStore, now: () => number, random: Random, user: (id: string) => User | undefined) {
    this.#store = store;
    this.#now = now;
    this.#random = random;
    this.#user = user;
  }

  async begin(account: string, agent: string): Promise<SignedIn> {
    const secret = newSecret(this.#random);
    const now = this.#now();
    const row = {
      id: newId(this.#random),
      token: hashSecret(secret),
      account,
      agent: agent.slice(0, LONGEST_AGENT),
      createdAt: now,
      seenAt: now,
      expiresAt: now + LIFE,
    };
    await this.#store.addAccountSession(row);
    this.#known.set(row.token, row);
    const user = this.#user(account);
    if (user === undefined) throw new AccountError("bad-credentials", "The account was removed.");
    return { user, session: row.id, secret };
  }

  /** Whose cookie it is, if it is one. */
  async find(secret: string): Promise<{ readonly user: User; readonly session: string } | undefined> {
    const token = hashSecret(secret);
    const now = this.#now();
    const row = this.#known.get(token) ?? (await this.#store.accountSession(token, now));
    if (row === undefined) return undefined;
    if (row.expiresAt <= now) {
      await this.#end(row);
      return undefined;
    }
    this.#known.set(token, row);
    const user = this.#user(row.account);
    if (user === undefined) return undefined;
    if (now - row.seenAt >= SEEN) {
      this.#known.set(token, { ...row, seenAt: now });
      await this.#store.sawAccountSession(row.id, now);
    }
    return { user, session: row.id };
  }

  async of(account: string, current: string): Promise<readonly AccountSession[]> {
    const rows = await this.#store.accountSessions(account, this.#now());
    return rows.map(({ id, agent, createdAt, seenAt }) => ({ id, agent, createdAt, seenAt, current: id === current }));
  }

  /** Ends one of an account's sessions. */
  async end(account: string, id: string): Promise<void> {
    const row = (await this.#store.accountSessions(account, this.#now())).find((each) => each.id === id);
    if (row === undefined) throw new AccountError("unknown-session", "There is no such session: it may have ended.");
    await this.#end(row);
  }

  /** Ends all of an account's sessions, but for the one to keep. */
  async endAll(account: string, keep?: string): Promise<void> {
    for (const row of await this.#store.accountSessions(account, this.#now()))
      if (row.id !== keep) await this.#end(row);
  }

  /**
   * Runs when the session ends: an open connection must not outlive it. Without a session (nobody had to sign in) that is
   * when the first account is made. Returns what calls that off.
   */
  whenEnded(session: string | undefined, run: () => void): () => void {
    const id = session ?? NOBODY;
    const runs = this.#ends.get(id) ?? new Set();
    this.#ends.set(id, runs.add(run));
    return () => {
      runs.delete(run);
      if (runs.size === 0 && this.#ends.get(id) === runs) this.#ends.delete(id);
    };
  }

  /** From now on people have to sign in. */
  endLocal(): void {
    this.#run(NOBODY);
  }

  async #end({ id, token }: AccountSessionRow): Promise<void> {
    this.#known.delete(token);
    await this.#store.endAccountSession(id);
    // Again: somebody may have looked it up meanwhile.
    this.#known.delete(token);
    this.#run(id);
  }

  #run(id: string): void {
    for (const run of this.#ends.get(id) ?? []) run();
  }
}
