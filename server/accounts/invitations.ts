import type { NewInvitation, Role } from "../sessions/protocol/index.ts";
import type { AccountRow, AccountStore, InvitationRow } from "../store/index.ts";
import { AccountError } from "./errors.ts";
import { hashSecret, newId, newSecret, type Random } from "./secret.ts";

const DAY = 24 * 3600_000;

export interface InvitationsOptions {
  readonly store: AccountStore;
  readonly now: () => number;
  readonly random: Random;
  /** A row for a new account; throws AccountError if name or password are not to be taken. */
  readonly newAccount: (name: string, password: string, role: Role) => Promise<AccountRow>;
  /** Whether there are accounts: the first one is not made by invitation. */
  readonly exist: () => boolean;
  readonly added: (account: AccountRow) => void;
}

/** Links with which people make their own accounts. Only hashes of their secrets are kept. */
export class Invitations {
  readonly #options: InvitationsOptions;
  readonly #joined = new Set<() => void>();

  constructor(options: InvitationsOptions) {
    this.#options = options;
  }

  async make(
    { role, uses, days }: NewInvitation,
    by: string,
    ofClass: string | null = null,
  ): Promise<{ readonly row: InvitationRow; readonly secret: string }> {
    const { store, now, random, exist } = this.#options;
    if (!exist())
      throw new AccountError(
        "no-accounts",
        "Nobody can be invited yet: this server has no accounts.",
        "Make your own first, as an admin.",
      );
    const secret = newSecret(random);
    const createdAt = now();
    const row = {
      id: newId(random),
      token: hashSecret(secret),
      role,
      class: ofClass,
      by,
      uses,
      left: uses,
      createdAt,
      expiresAt: createdAt + days * DAY,
    };
    await store.addInvitation(row);
    return { row, secret };
  }

  list(): Promise<readonly InvitationRow[]> {
    return this.#options.store.invitations(this.#options.now());
  }

  async show(secret: string): Promise<InvitationRow> {
    const { store, now } = this.#options;
    const found = await store.invitation(hashSecret(secret), now());
    if (found === undefined) throw unknown();
    return found;
  }

  /** Makes an account of the invitation's role, which joins its class. Its id. */
  async accept(secret: string, name: string, password: string): Promise<string> {
    const { store, now, newAccount, added, exist } = this.#options;
    if (!exist()) throw unknown();
    const { role } = await this.show(secret);
    const account = await newAccount(name, password, role);
    const answer = await store.accept(hashSecret(secret), now(), account);
    if (answer === "unknown") throw unknown();
    if (answer === "name-taken")
      throw new AccountError("name-taken", `There is an account '${account.name}' already.`, "Choose another name.");
    added(account);
    for (const hear of this.#joined) hear();
    return account.id;
  }

  /** Somebody who has an account joins the invitation's class. */
  async join(secret: string, account: string): Promise<void> {
    const { store, now } = this.#options;
    const { class: ofClass } = await this.show(secret);
    if (ofClass === null)
      throw new AccountError("unknown-invitation", "This invitation is for making an account, and you have one.");
    if (!(await store.join(hashSecret(secret), now(), account))) throw unknown();
    for (const hear of this.#joined) hear();
  }

  /** Hears when somebody may have joined a class. Returns what ends that. */
  whenJoined(hear: () => void): () => void {
    this.#joined.add(hear);
    return () => void this.#joined.delete(hear);
  }

  remove(id: string): Promise<void> {
    return this.#options.store.removeInvitation(id);
  }
}

function unknown(): AccountError {
  return new AccountError(
    "unknown-invitation",
    "This invitation cannot be used: it was used up, it has expired, or the link is not whole.",
    "Ask whoever sent it for another one.",
  );
}
