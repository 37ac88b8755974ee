import type { Host, Process, User } from "../../sim/host/index.ts";
import { COOKED } from "../../sim/host/index.ts";
import { SshFailure } from "./failure.ts";
import { homeOf, userNameOf } from "./home.ts";
import type { SshOptions } from "./options.ts";

const IDENTITIES = ["id_rsa", "id_ecdsa", "id_ed25519"];

/**
 * Logs in with a key whose public half is among the user's authorized_keys; sshd's own rules are those of sshd_config. No
 * password opens an account here: none has one.
 */
export async function authenticate(process: Process, options: SshOptions, host: Host): Promise<User> {
  const name = options.user ?? userNameOf(process);
  const user = host.users.byName(name);
  const rules = sshdRules(host);
  const permitted = user !== undefined && (user.uid !== 0 || rules.get("permitrootlogin") !== "no");
  const byKey = rules.get("pubkeyauthentication") !== "no" && options.settings.get("pubkeyauthentication") !== "no";
  if (permitted && byKey && offersKey(process, options, host, user)) {
    if (/\/(?:nologin|false)$/.test(user.shell)) throw new SshFailure("This account is currently not available.");
    return user;
  }
  const byPassword = rules.get("passwordauthentication") !== "no";
  const methods = [
    ...(rules.get("pubkeyauthentication") === "no" ? [] : ["publickey"]),
    ...(byPassword ? ["password"] : []),
  ];
  const asks = byPassword && options.settings.get("passwordauthentication") !== "no" && options.settings.get("batchmode") !== "yes" && process.isTty(0); // prettier-ignore
  if (asks) await askPassword(process, `${name}@${options.host}`);
  throw new SshFailure(`${name}@${options.host}: Permission denied (${methods.join(",")}).`);
}

/** Settings of sshd_config and its drop-ins; the first of a name counts. */
function sshdRules(host: Host): Map<string, string> {
  const rules = new Map<string, string>();
  const directory = "/etc/ssh/sshd_config.d";
  const dropIns = host.files.exists(directory)
    ? host.files
        .list(directory)
        .filter((name) => name.endsWith(".conf"))
        .toSorted()
    : [];
  for (const path of [...dropIns.map((name) => `${directory}/${name}`), "/etc/ssh/sshd_config"])
    for (const line of (host.readText(path) ?? "").split("\n")) {
      const [name, value] = line.trim().split(/\s+/);
      if (name === undefined || name === "" || name.startsWith("#") || value === undefined) continue;
      if (name.toLowerCase() === "match") break;
      if (!rules.has(name.toLowerCase())) rules.set(name.toLowerCase(), value.toLowerCase());
    }
  return rules;
}

function offersKey(process: Process, options: SshOptions, host: Host, user: User): boolean {
  const home = homeOf(process);
  const paths = options.identities.length > 0 ? options.identities : IDENTITIES.map((name) => `${home}/.ssh/${name}`);
  const authorized = new Set(
    (host.readText(`${user.home}/.ssh/authorized_keys`) ?? "")
      .split("\n")
      .flatMap((line) => /(?:ssh|ecdsa|sk)-\S+ (\S+)/.exec(line)?.[1] ?? []),
  );
  return paths.some((path) => {
    const full = path.startsWith("~/") ? home + path.slice(1) : path.startsWith("/") ? path : `${process.cwd}/${path}`;
    if (!process.host.files.access(full, 4, process)) return false;
    const blob = /^\S+ (\S+)/.exec(process.host.readText(`${full}.pub`) ?? "")?.[1];
    return blob !== undefined && authorized.has(blob);
  });
}

async function askPassword(process: Process, who: string): Promise<void> {
  const tty = process.fds.find(0)!.tty!;
  const before = tty.termios;
  for (let attempt = 0; attempt < 3; attempt++) {
    await process.error(`${attempt > 0 ? "Permission denied, please try again.\n" : ""}${who}'s password: `);
    tty.termios = { ...COOKED, echo: false };
    try {
      if ((await process.read(0)) === "") return;
    } finally {
      tty.termios = before;
    }
    await process.error("\n");
    // A wrong password is answered slowly (pam_faildelay).
    await process.sleep(2_000_000);
  }
}
