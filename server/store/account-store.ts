import type { Role } from "../sessions/protocol/index.ts";

/** An account as it is kept. Times are milliseconds since 1970. */
export interface AccountRow {
  readonly id: string;
  readonly name: string;
  /** Names that people take for the same have the same key. */
  readonly key: string;
  readonly role: Role;
  /** Salted hash with its parameters. */
  readonly password: string;
  readonly createdAt: number;
}

/** A browser in which somebody is signed in. */
export interface AccountSessionRow {
  readonly id: string;
  /** SHA-256 of the cookie's secret, in hex. */
  readonly token: string;
  readonly account: string;
  readonly agent: string;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly expiresAt: number;
}

export interface InvitationRow {
  readonly id: string;
  /** SHA-256 of the link's secret, in hex. */
  readonly token: string;
  readonly role: Role;
  readonly class: string | null;
  /** Id of the account that made it. */
  readonly by: string;
  readonly uses: number;
  readonly left: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Where accounts are kept. Every method stores all or nothing, and throws StorageError if it could not. */
export interface AccountStore {
  /** The oldest first. */
  accounts(): Promise<readonly AccountRow[]>;
  /** False if the name is taken. */
  addAccount(account: AccountRow): Promise<boolean>;
  setRole(id: string, role: Role): Promise<void>;
  setPassword(id: string, password: string): Promise<void>;
  /** With its sessions, its places in classes and its extra time. Its attempts stay. */
  removeAccount(id: string): Promise<void>;

  addAccountSession(session: AccountSessionRow): Promise<void>;
  /** The session with this token, unless it is over. */
  accountSession(token: string, now: number): Promise<AccountSessionRow | undefined>;
  /** An account's sessions that are not over, the one that was used last first. */
  accountSessions(account: string, now: number): Promise<readonly AccountSessionRow[]>;
  sawAccountSession(id: string, at: number): Promise<void>;
  endAccountSession(id: string): Promise<void>;
  /** Forgets sessions and invitations that are over. */
  forgetExpired(now: number): Promise<void>;

  addInvitation(invitation: InvitationRow): Promise<void>;
  /** Those that can still be used, the newest first. */
  invitations(now: number): Promise<readonly InvitationRow[]>;
  /** The one with this token, if it can still be used. */
  invitation(token: string, now: number): Promise<InvitationRow | undefined>;
  /** Uses an invitation to make an account, which joins the invitation's class. */
  accept(token: string, now: number, account: AccountRow): Promise<"accepted" | "unknown" | "name-taken">;
  /** Uses an invitation to a class for an account that is there. False if it cannot be used. */
  join(token: string, now: number, account: string): Promise<boolean>;
  removeInvitation(id: string): Promise<void>;
}
