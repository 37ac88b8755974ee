import { COOKED, Errno, exec, type Process, type Program, type User } from "../../sim/host/index.ts";
import { codeOf, findCommand } from "../gnu/execute.ts";
import { versionOf } from "../gnu/versions.ts";
import { parseOptions, type Flags, type Options } from "../options.ts";
import { securePath, sudoRule } from "./sudoers.ts";

const FLAGS = {
  askpass: { short: "A", long: "askpass", simulated: false },
  background: { short: "b", long: "background", simulated: false },
  bell: { short: "B", long: "bell" },
  chdir: { short: "D", long: "chdir", arg: "directory" },
  edit: { short: "e", long: "edit", simulated: false },
  preserve: { short: "E", long: "preserve-env", arg: "list", optional: true },
  group: { short: "g", long: "group", arg: "group", simulated: false },
  home: { short: "H", long: "set-home" },
  help: { short: "h", long: "help" },
  login: { short: "i", long: "login" },
  forget: { short: "K", long: "remove-timestamp" },
  reset: { short: "k", long: "reset-timestamp" },
  list: { short: "l", long: "list" },
  never: { short: "n", long: "non-interactive" },
  groups: { short: "P", long: "preserve-groups" },
  prompt: { short: "p", long: "prompt", arg: "prompt" },
  stdin: { short: "S", long: "stdin" },
  shell: { short: "s", long: "shell" },
  user: { short: "u", long: "user", arg: "user" },
  version: { short: "V", long: "version" },
  validate: { short: "v", long: "validate" },
} as const satisfies Flags;

const USAGE = `usage: sudo -h | -K | -k | -V
usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]
usage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user]
            [-u user] [command [arg ...]]
usage: sudo [-ABbEHkNnPS] [-C num] [-D directory]
            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]
            [-u user] [VAR=value] [-i | -s] [command [arg ...]]
usage: sudo -e [-ABkNnS] [-C num] [-D directory]
            [-g group] [-h host] [-p prompt] [-R directory] [-T timeout]
            [-u user] file ...
`;

type Given = Options<keyof typeof FLAGS>;

/** sudo, by the rules of /etc/sudoers. No account has a password, so that a rule that wants one lets nobody in. */
export const sudo: Program = {
  name: "sudo",
  summary: "execute a command as another user",
  async run(process, args) {
    const given = parseOptions(FLAGS, args, { stopAtOperand: true });
    if ("notSimulated" in given) {
      await process.error(`drydock: sudo: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`sudo: ${given.problem}\n${USAGE}`);
      return 1;
    }
    if (given.has("version")) {
      await process.print(`Sudo version ${versionOf(process, "sudo")}\n`);
      return 0;
    }
    if (given.has("help")) {
      await process.print(`sudo - execute a command as another user\n\n${USAGE}`);
      return 0;
    }
    return run(process, given);
  },
};

async function run(process: Process, given: Given): Promise<number> {
  const { users } = process.host;
  const caller = users.byUid(process.uid);
  if (!caller) return say(process, "you do not exist in the passwd database");
  const assignments = given.operands.filter(
    (word, at, all) => /^[A-Za-z_]\w*=/.test(word) && all.slice(0, at).every((one) => /^[A-Za-z_]\w*=/.test(one)),
  );
  const words = given.operands.slice(assignments.length);
  if (given.has("forget") || (given.has("reset") && words.length === 0)) return 0;
  const name = given.value("user") ?? "root";
  const target = name.startsWith("#") ? users.byUid(Number(name.slice(1))) : users.byName(name);
  if (!target) return say(process, `unknown user ${name}`);
  const denied = await authorize(process, given, caller);
  if (denied !== undefined) return denied;
  if (given.has("list")) {
    await process.print(
      `User ${caller.name} may run the following commands on ${process.host.hostname}:\n    (ALL : ALL) ALL\n`,
    );
    return 0;
  }
  if (given.has("validate")) return 0;
  const interactive = given.has("login") || given.has("shell");
  if (words.length === 0 && !interactive) {
    await process.error(USAGE);
    return 1;
  }
  const env = environment(process, given, caller, target, assignments, words);
  return start(process, given, target, words, env);
}

async function say(process: Process, words: string): Promise<number> {
  await process.error(`sudo: ${words}\n`);
  return 1;
}

/** Undefined if the caller may; else the exit code, after the words for it. */
async function authorize(process: Process, given: Given, caller: User): Promise<number | undefined> {
  const rule = sudoRule(process.host, caller);
  // Nobody asks root (plugins/sudoers/check.c check_user).
  if (rule === "no password" || (rule !== undefined && caller.uid === 0)) return undefined;
  if (given.has("never")) return say(process, "a password is required");
  const tty = process.fds.find(0)?.tty;
  if (!tty)
    return say(
      process,
      "a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper\nsudo: a password is required",
    );
  const before = tty.termios;
  for (let attempt = 1; attempt <= 3; attempt++) {
    await process.error(given.value("prompt") ?? `[sudo] password for ${caller.name}: `);
    tty.termios = { ...COOKED, echo: false };
    let line: string;
    try {
      line = await process.read(0);
    } finally {
      tty.termios = before;
    }
    await process.error("\n");
    if (line === "") break;
    await process.sleep(2_000_000);
    if (attempt < 3) await process.error("Sorry, try again.\n");
  }
  if (rule === "none") {
    await process.error(`${caller.name} is not in the sudoers file.\n`);
    return 1;
  }
  return say(process, "3 incorrect password attempts");
}

/** env_reset: little is kept, HOME and the names are the target's, SUDO_* tell of the caller. */
function environment(
  process: Process,
  given: Given,
  caller: User,
  target: User,
  assignments: readonly string[],
  words: readonly string[],
): Record<string, string> {
  // prettier-ignore
  const own = process.env;
  const keeps = given.has("preserve") && given.value("preserve") === undefined;
  const listed = (given.value("preserve") ?? "").split(",").filter((name) => name !== "");
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(own))
    if (keeps || listed.includes(name) || /^(?:TERM|COLORTERM|DISPLAY|LANG|LANGUAGE|LC_\w+|LS_COLORS|PS1|PS2|XAUTHORITY|TZ)$/.test(name)) env[name] = value; // prettier-ignore
  env["PATH"] = securePath(process.host) ?? own["PATH"] ?? "/usr/bin:/bin";
  if (!keeps || given.has("login") || given.has("home")) env["HOME"] = target.home;
  env["LOGNAME"] = env["USER"] = target.name;
  env["SHELL"] = target.shell;
  if (given.has("login")) delete env["PS1"];
  const command = words.length > 0 ? words.join(" ") : target.shell;
  Object.assign(env, {
    SUDO_COMMAND: command,
    SUDO_USER: caller.name,
    SUDO_UID: String(caller.uid),
    SUDO_GID: String(caller.gid),
  });
  for (const word of assignments) env[word.slice(0, word.indexOf("="))] = word.slice(word.indexOf("=") + 1);
  return env;
}

/** Becomes the command as the other user. */
async function start(
  process: Process,
  given: Given,
  target: User,
  words: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  // prettier-ignore
  const { host } = process;
  const shell = target.shell || "/bin/sh";
  const name = shell.replace(/.*\//, "");
  const quoted = words.map((word) => word.replaceAll(/[^\w@%+=:,./$-]/g, "\\$&")).join(" ");
  let runnable: { path: string; argv: readonly string[] } | Errno;
  if (given.has("login"))
    runnable = { path: shell, argv: words.length > 0 ? [`-${name}`, "-c", quoted] : [`-${name}`] };
  else if (given.has("shell")) {
    const own = process.env["SHELL"] ?? shell;
    runnable = { path: own, argv: words.length > 0 ? [own, "-c", quoted] : [own] };
  } else runnable = findCommand(process, words, env);
  if (runnable instanceof Errno) {
    const found = runnable.code === "ENOENT" && !words[0]!.includes("/");
    await process.error(
      found ? `sudo: ${words[0]!}: command not found\n` : `sudo: unable to execute ${words[0]!}: ${runnable.message}\n`,
    );
    return codeOf(runnable) === 127 ? 1 : codeOf(runnable);
  }
  process.update(host.users.credentials(target));
  const directory = given.has("login") ? target.home : given.value("chdir");
  if (directory !== undefined && host.files.exists(directory)) process.update({ cwd: directory });
  return exec(process, runnable.path, runnable.argv, env);
}
