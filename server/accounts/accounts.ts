import type { Account, Role, User } from "../sessions/protocol/index.ts";
import type { AccountRow, AccountStore } from "../store/index.ts";
import { AccountError } from "./errors.ts";
import { Invitations } from "./invitations.ts";
import { checkName, nameKey } from "./names.ts";
import { checkPassword, COST, hashPassword, isPassword, type Cost } from "./password.ts";
import { newId, type Random } from "./secret.ts";
import { Sessions, type SignedIn } from "./sessions.ts";
import { Throttle } from "./throttle.ts";

/** Id of who works on a server without accounts. */
const LOCAL = "local";
const QUARTER = 15 * 60_000;

export interface AccountsOptions {
  readonly store: AccountStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: Random;
  /** Of new passwords. */
  readonly cost?: Cost;
}

/** Where a try to sign in comes from. */
export interface From {
  /** The network address. */
  readonly address: string;
  /** What the browser says it is. */
  readonly agent: string;
}

/**
 * Who may use this server. All accounts are in memory: the database is this process's alone. Throws AccountError and
 * StorageError.
 */
export class Accounts {
  readonly sessions: Sessions;
  readonly invitations: Invitations;
  readonly #store: AccountStore;
  readonly #now: () => number;
  readonly #random: Random;
  readonly #cost: Cost;
  readonly #byId = new Map<string, AccountRow>();
  readonly #byKey = new Map<string, AccountRow>();
  readonly #byAddress = new Throttle({ tries: 30, within: QUARTER });
  readonly #byName = new Throttle({ tries: 10, within: QUARTER });
  /** What an unknown name's password is compared with, so that it takes as long as a known one's. */
  readonly #decoy: string;

  private constructor({ store, now, random, cost = COST }: AccountsOptions, decoy: string) {
    this.#store = store;
    this.#now = now;
    this.#random = random;
    this.#cost = cost;
    this.#decoy = decoy;
    this.sessions = new Sessions(store, now, random, (id) => this.user(id));
    this.invitations = new Invitations({
      store,
      now,
      random,
      newAccount: (name, password, role) => this.#newAccount(name, password, role),
      exist: () => this.exist,
      added: (row) => this.#remember(row),
    });
  }

  static async open(options: AccountsOptions): Promise<Accounts> {
    const decoy = await hashPassword("nobody", options.cost);
    const accounts = new Accounts(options, decoy);
    await options.store.forgetExpired(options.now());
    for (const row of await options.store.accounts()) accounts.#remember(row);
    return accounts;
  }

  /** Whether there are any. Without, nobody has to sign in. */
  get exist(): boolean {
    return this.#byId.size > 0;
  }

  user(id: string): User | undefined {
    const row = this.#byId.get(id);
    return row && { id, name: row.name, role: row.role };
  }

  /** The oldest first. */
  list(): readonly Account[] {
    return [...this.#byId.values()].map(({ id, name, role, createdAt }) => ({ id, name, role, createdAt }));
  }

  async add(name: string, password: string, role: Role): Promise<Account> {
    if (!this.exist && role !== "admin")
      throw new AccountError(
        "no-accounts",
        "The first account has to be an admin's: somebody must be able to make others.",
      );
    const made = await this.#newAccount(name, password, role);
    // Whoever sat at the machine until now makes the first one: what they did without an account stays theirs.
    const row = this.exist ? made : { ...made, id: LOCAL };
    if (!(await this.#store.addAccount(row))) throw nameTaken(row.name);
    this.#remember(row);
    this.sessions.endLocal();
    return { id: row.id, name: row.name, role, createdAt: row.createdAt };
  }

  /** The account with a name. */
  named(name: string): Account {
    const row = this.#byKey.get(nameKey(name));
    if (row === undefined) throw new AccountError("unknown-account", `There is no account '${name}'.`);
    return { id: row.id, name: row.name, role: row.role, createdAt: row.createdAt };
  }

  async setRole(id: string, role: Role): Promise<void> {
    const row = this.#known(id);
    if (role !== "admin") this.#keepAnAdmin(row);
    await this.#store.setRole(id, role);
    this.#remember({ ...row, role });
    // What a socket may do was decided by the old role.
    await this.sessions.endAll(id);
  }

  async setPassword(id: string, password: string): Promise<void> {
    const row = this.#known(id);
    checkPassword(password);
    const hashed = await hashPassword(password, this.#cost);
    await this.#store.setPassword(id, hashed);
    this.#remember({ ...row, password: hashed });
    // Whoever had forgotten the old one tried it too often.
    this.#byName.forgive(row.key);
    await this.sessions.endAll(id);
  }

  /** Its attempts stay. */
  async remove(id: string): Promise<void> {
    const row = this.#known(id);
    if (this.#byId.size > 1) this.#keepAnAdmin(row);
    await this.sessions.endAll(id);
    await this.#store.removeAccount(id);
    this.#byId.delete(id);
    this.#byKey.delete(row.key);
  }

  async signIn(name: string, password: string, { address, agent }: From): Promise<SignedIn> {
    const key = nameKey(name);
    const wait = Math.max(this.#byAddress.take(address, this.#now()), this.#byName.take(key, this.#now()));
    if (wait > 0) throw tooOften(wait);
    const row = this.#byKey.get(key);
    const right = await isPassword(password, row?.password ?? this.#decoy);
    // It may have been removed or changed while it was compared.
    if (!right || row === undefined || this.#byId.get(row.id) !== row)
      throw new AccountError("bad-credentials", "The name or the password is wrong.");
    // Not all of the address: whoever has one account could guess at others for ever.
    this.#byAddress.giveBack(address);
    this.#byName.forgive(key);
    return this.sessions.begin(row.id, agent);
  }

  /** All other sessions of the account end. */
  async changePassword(id: string, old: string, next: string, session: string): Promise<void> {
    const row = this.#known(id);
    const wait = this.#byName.take(row.key, this.#now());
    if (wait > 0) throw tooOften(wait);
    if (!(await isPassword(old, row.password)))
      throw new AccountError("bad-credentials", "The old password is wrong; nothing was changed.");
    this.#byName.forgive(row.key);
    checkPassword(next);
    const hashed = await hashPassword(next, this.#cost);
    await this.#store.setPassword(id, hashed);
    this.#remember({ ...row, password: hashed });
    await this.sessions.endAll(id, session);
  }

  async #newAccount(name: string, password: string, role: Role): Promise<AccountRow> {
    const checked = checkName(name);
    const key = nameKey(checked);
    if (this.#byKey.has(key)) throw nameTaken(checked);
    checkPassword(password);
    return {
      id: newId(this.#random),
      name: checked,
      key,
      role,
      password: await hashPassword(password, this.#cost),
      createdAt: this.#now(),
    };
  }

  #remember(row: AccountRow): void {
    this.#byId.set(row.id, row);
    this.#byKey.set(row.key, row);
  }

  #known(id: string): AccountRow {
    const row = this.#byId.get(id);
    if (row === undefined) throw new AccountError("unknown-account", "There is no such account.");
    return row;
  }

  #keepAnAdmin({ id, role }: AccountRow): void {
    const others = [...this.#byId.values()].filter((row) => row.role === "admin" && row.id !== id);
    if (role === "admin" && others.length === 0)
      throw new AccountError(
        "last-admin",
        "That is the only admin; nothing was changed.",
        "Make somebody else an admin first.",
      );
  }
}

function nameTaken(name: string): AccountError {
  return new AccountError("name-taken", `There is an account '${name}' already.`, "Choose another name.");
}

function tooOften(wait: number): AccountError {
  const minutes = Math.ceil(wait / 60_000);
  return new AccountError(
    "too-many-requests",
    "That was tried too often: the password was not looked at.",
    `Try again in ${minutes} minute${minutes === 1 ? "" : "s"}. Who has forgotten it gets another one from an admin, and can sign in with that at once.`,
  );
}
