/** Accounts, sign-in and invitations over HTTP. Times are milliseconds since 1970, by the server's clock. */
import { z } from "zod";

/** What an account may do; each may also do what those before it may. */
export const ROLES = ["learner", "instructor", "admin"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/** Who sends a request. */
export const User = z.strictObject({ id: z.string(), name: z.string(), role: Role });
export type User = z.infer<typeof User>;

/** Who the page is for. */
export const Me = z.strictObject({
  /** Null: whoever it is has to sign in first. */
  user: User.nullable(),
  /** Whether this server has accounts; without them whoever sits at its machine is `local`. */
  accounts: z.boolean(),
});
export type Me = z.infer<typeof Me>;

const Name = z.string().max(200);
/** Long ones cost time to hash. */
const Password = z.string().max(1000);

export const SignIn = z.strictObject({ name: Name, password: Password });
export type SignIn = z.infer<typeof SignIn>;

export const ChangePassword = z.strictObject({ old: Password, new: Password });
export type ChangePassword = z.infer<typeof ChangePassword>;

/** A browser in which somebody is signed in. */
export const AccountSession = z.strictObject({
  id: z.string(),
  /** What the browser says it is. */
  agent: z.string(),
  createdAt: z.number(),
  /** When it was last used, to some minutes. */
  seenAt: z.number(),
  /** It is the one that asks. */
  current: z.boolean(),
});
export type AccountSession = z.infer<typeof AccountSession>;

export const AccountSessions = z.strictObject({ sessions: z.array(AccountSession) });
export type AccountSessions = z.infer<typeof AccountSessions>;

export const Account = User.extend({ createdAt: z.number() });
export type Account = z.infer<typeof Account>;

export const AccountList = z.strictObject({ accounts: z.array(Account) });
export type AccountList = z.infer<typeof AccountList>;

export const NewAccount = z.strictObject({ name: Name, password: Password, role: Role });
export type NewAccount = z.infer<typeof NewAccount>;

export const SetRole = z.strictObject({ role: Role });
export const SetPassword = z.strictObject({ password: Password });

/** A link with which people make their own accounts: so many times, until then. */
export const NewInvitation = z.strictObject({
  role: Role,
  uses: z.int().min(1).max(1000),
  days: z.int().min(1).max(365),
});
export type NewInvitation = z.infer<typeof NewInvitation>;

export const Invitation = z.strictObject({
  id: z.string(),
  role: Role,
  /** The class that whoever accepts it joins. */
  class: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  uses: z.number(),
  left: z.number(),
  createdAt: z.number(),
  expiresAt: z.number(),
});
export type Invitation = z.infer<typeof Invitation>;

export const InvitationList = z.strictObject({ invitations: z.array(Invitation) });
export type InvitationList = z.infer<typeof InvitationList>;

/** The link is told once: the server keeps only a hash of its secret. */
export const MadeInvitation = z.strictObject({ invitation: Invitation, link: z.string() });
export type MadeInvitation = z.infer<typeof MadeInvitation>;

const Token = z.string().max(100);
export const ShowInvitation = z.strictObject({ token: Token });

/** What somebody who has the link reads before they accept it. */
export const OfferedInvitation = z.strictObject({ role: Role, class: z.string().nullable(), expiresAt: z.number() });
export type OfferedInvitation = z.infer<typeof OfferedInvitation>;

export const AcceptInvitation = z.strictObject({ token: Token, name: Name, password: Password });
export type AcceptInvitation = z.infer<typeof AcceptInvitation>;
