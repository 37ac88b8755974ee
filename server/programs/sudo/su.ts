import { COOKED, exec, type Program } from "../../sim/host/index.ts";
import { parseOptions, type Flags } from "../options.ts";

const FLAGS = {
  preserve: { short: "mp", long: "preserve-environment" },
  whitelist: { short: "w", long: "whitelist-environment", arg: "list", simulated: false },
  group: { short: "g", long: "group", arg: "group", simulated: false },
  supplementary: { short: "G", long: "supp-group", arg: "group", simulated: false },
  login: { short: "l", long: "login" },
  command: { short: "c", long: "command", arg: "command" },
  session: { long: "session-command", arg: "command" },
  fast: { short: "f", long: "fast" },
  shell: { short: "s", long: "shell", arg: "shell" },
  pty: { short: "P", long: "pty", simulated: false },
  help: { short: "h", long: "help" },
  version: { short: "V", long: "version" },
} as const satisfies Flags;

/** util-linux' su. Root may become anybody; others would need a password, and no account has one. */
export const su: Program = {
  name: "su",
  summary: "run a command with substitute user and group ID",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) {
      await process.error(`drydock: su: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(`su: ${given.problem}\nTry 'su --help' for more information.\n`);
      return 1;
    }
    if (given.has("help") || given.has("version")) {
      await process.print(
        given.has("help") ? "\nUsage:\n su [options] [-] [<user> [<argument>...]]\n" : "su from util-linux 2.39.3\n",
      );
      return 0;
    }
    const dash = given.operands[0] === "-";
    const [name = "root", ...rest] = dash ? given.operands.slice(1) : given.operands;
    const login = dash || given.has("login");
    const { host } = process;
    const target = host.users.byName(name);
    if (!target) {
      await process.error(
        `su: user ${name} does not exist or the user entry does not contain all the required fields\n`,
      );
      return 1;
    }
    if (process.uid !== 0) {
      const tty = process.fds.find(0)?.tty;
      if (tty) {
        await process.error("Password: ");
        const before = tty.termios;
        tty.termios = { ...COOKED, echo: false };
        try {
          await process.read(0);
        } finally {
          tty.termios = before;
        }
        await process.error("\n");
        await process.sleep(2_000_000);
      }
      await process.error("su: Authentication failure\n");
      return 1;
    }
    const shell = given.value("shell") ?? (target.shell || "/bin/sh");
    const short = shell.replace(/.*\//, "");
    const kept = process.env;
    const fresh = { HOME: target.home, SHELL: shell, USER: target.name, LOGNAME: target.name };
    const loginEnv = { ...(kept["TERM"] === undefined ? {} : { TERM: kept["TERM"] }), ...fresh, PATH: target.uid === 0 ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" : "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games" }; // prettier-ignore
    const ownNames = target.uid === 0 ? { HOME: target.home, SHELL: shell } : fresh;
    const env = login ? loginEnv : given.has("preserve") ? kept : { ...kept, ...ownNames };
    const command = given.value("command") ?? given.value("session");
    const argv = [login ? `-${short}` : short, ...(command === undefined ? [] : ["-c", command]), ...rest];
    process.update(host.users.credentials(target));
    if (login && host.files.exists(target.home)) process.update({ cwd: target.home });
    return exec(process, shell, argv, env);
  },
};
