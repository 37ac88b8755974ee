import type { Accounts } from "../../accounts/index.ts";
import type { Role } from "../../sessions/protocol/index.ts";
import { Arguments, type OptionKind } from "../arguments.ts";
import type { Command } from "../main.ts";
import { BadInput, UsageError } from "../usage.ts";
import { readPassword } from "./read-password.ts";

const OPTIONS = {
  "--data": "value",
  "--role": "value",
  "--uses": "value",
  "--days": "value",
  "--url": "value",
  "--json": "flag",
} as const satisfies Record<string, OptionKind>;

const ACTIONS: Readonly<Record<string, (accounts: Accounts, args: Arguments) => Promise<void>>> = {
  add,
  list,
  remove,
  password,
  invite,
};

/** `drydock accounts`: who may sign in. It works on the data folder, while no server does. */
export const accounts: Command = {
  summary: "makes, lists and removes accounts, and invites people",
  usage: `accounts ACTION [--data DIR]

  add NAME [--role learner|instructor|admin]     makes an account (learner); the first one has to be an admin's
  list [--json]                                  all accounts
  remove NAME                                    removes an account; its attempts stay
  password NAME                                  gives an account another password, and signs it out
  invite [--role R] [--uses N] [--days N]        prints a link for making an account: once, for 7 days
         [--url URL]

Passwords are asked for, or read from the first line of stdin. The server must not run: its own page has the same for
admins (Accounts). With the first account, everybody has to sign in.`,
  async run(words) {
    const [name = "", ...rest] = words;
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined) throw new UsageError(`accounts: there are ${Object.keys(ACTIONS).join(", ")}`);
    const args = new Arguments(`accounts ${name}`, rest, OPTIONS);
    await withAccounts(args.value("--data"), (opened) => action(opened, args));
    return 0;
  },
};

async function add(all: Accounts, args: Arguments): Promise<void> {
  const name = nameOf(args);
  const { role } = await all.add(name, await readPassword(`Password for ${name}: `), roleOf(args));
  process.stdout.write(`${name} can sign in (${role}).\n`);
}

async function list(all: Accounts, args: Arguments): Promise<void> {
  const rows = all.list();
  if (args.has("--json")) {
    for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
    return;
  }
  if (rows.length === 0) process.stdout.write("There are no accounts: nobody has to sign in.\n");
  for (const { name, role, createdAt } of rows)
    process.stdout.write(`${role.padEnd(11)}${new Date(createdAt).toISOString().slice(0, 10)}  ${name}\n`);
}

async function remove(all: Accounts, args: Arguments): Promise<void> {
  const { id, name } = all.named(nameOf(args));
  await all.remove(id);
  process.stdout.write(`${name} was removed; the attempts stay.\n`);
}

async function password(all: Accounts, args: Arguments): Promise<void> {
  const { id, name } = all.named(nameOf(args));
  await all.setPassword(id, await readPassword(`New password for ${name}: `));
  process.stdout.write(`${name} has another password, and is signed out everywhere.\n`);
}

async function invite(all: Accounts, args: Arguments): Promise<void> {
  const order = { role: roleOf(args), uses: args.number("--uses", 1, 1), days: args.number("--days", 7, 1) };
  const { secret } = await all.invitations.make(order, "local");
  const url = args.value("--url") ?? process.env["DRYDOCK_URL"] ?? "http://127.0.0.1:8080";
  process.stdout.write(`${url.replace(/\/$/, "")}/invitation#${secret}\n`);
}

function nameOf({ operands }: Arguments): string {
  const [name, more] = operands;
  if (name === undefined || more !== undefined) throw new UsageError("accounts: one NAME is needed");
  return name;
}

function roleOf(args: Arguments): Role {
  const role = args.value("--role") ?? "learner";
  if (role === "learner" || role === "instructor" || role === "admin") return role;
  throw new UsageError(`accounts: --role is learner, instructor or admin, not '${role}'`);
}

/** Opens the data folder that `serve` would use. What goes wrong is said in words. */
async function withAccounts(data: string | undefined, work: (all: Accounts) => Promise<void>): Promise<void> {
  const { AccountError, CannotServe, ConfigError, openAccountsOf, readConfig, StorageError } =
    await import("../../app.ts");
  try {
    const config = readConfig(process.env, { data });
    const opened = await openAccountsOf(config.data);
    try {
      await work(opened.accounts);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`accounts: ${error.message}`);
    if (error instanceof AccountError)
      throw new BadInput(`accounts: ${[error.message, error.help].filter((each) => each !== undefined).join(" ")}`);
    if (error instanceof StorageError || error instanceof CannotServe) throw new BadInput(`accounts: ${error.message}`);
    throw error;
  }
}
