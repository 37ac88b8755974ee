import { parseOptions, type Flags } from "../options.ts";
import type { FileSettings } from "./config-files.ts";

const FLAGS = {
  four: { short: "4" },
  six: { short: "6" },
  agent: { short: "A", simulated: false },
  noAgent: { short: "a" },
  bind: { short: "b", arg: "address" },
  device: { short: "B", arg: "interface", simulated: false },
  compress: { short: "C" },
  cipher: { short: "c", arg: "cipher" },
  dynamic: { short: "D", arg: "address", simulated: false },
  escape: { short: "e", arg: "char" },
  log: { short: "E", arg: "file", simulated: false },
  background: { short: "f", simulated: false },
  config: { short: "F", arg: "configfile" },
  gateway: { short: "g", simulated: false },
  print: { short: "G", simulated: false },
  identity: { short: "i", arg: "file" },
  pkcs11: { short: "I", arg: "pkcs11", simulated: false },
  jump: { short: "J", arg: "destination", simulated: false },
  gssapi: { short: "Kk" },
  local: { short: "L", arg: "address", simulated: false },
  login: { short: "l", arg: "login_name" },
  master: { short: "M", simulated: false },
  mac: { short: "m", arg: "mac_spec" },
  noCommand: { short: "N", simulated: false },
  noInput: { short: "n" },
  option: { short: "o", arg: "option" },
  control: { short: "O", arg: "ctl_cmd", simulated: false },
  port: { short: "p", arg: "port" },
  query: { short: "Q", arg: "query_option", simulated: false },
  quiet: { short: "q" },
  remote: { short: "R", arg: "address", simulated: false },
  socket: { short: "S", arg: "ctl_path", simulated: false },
  subsystem: { short: "s", simulated: false },
  noTty: { short: "T" },
  tty: { short: "t" },
  version: { short: "V" },
  verbose: { short: "v", simulated: false },
  forward: { short: "W", arg: "host:port", simulated: false },
  tunnel: { short: "w", arg: "tunnel", simulated: false },
  x11: { short: "XYx", simulated: false },
  syslog: { short: "y" },
} as const satisfies Flags;

export const SSH_USAGE = `usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-B bind_interface] [-b bind_address]
           [-c cipher_spec] [-D [bind_address:]port] [-E log_file]
           [-e escape_char] [-F configfile] [-I pkcs11] [-i identity_file]
           [-J destination] [-L address] [-l login_name] [-m mac_spec]
           [-O ctl_cmd] [-o option] [-P tag] [-p port] [-R address]
           [-S ctl_path] [-W host:port] [-w local_tun[:remote_tun]]
           destination [command [argument ...]]
       ssh [-Q query_option]
`;

/** Who is to be called, and how. */
export interface SshOptions {
  readonly host: string;
  readonly user: string | undefined;
  readonly port: number;
  readonly command: string | undefined;
  readonly identities: readonly string[];
  readonly quiet: boolean;
  readonly noInput: boolean;
  /** Forced, forbidden, or undefined: with a terminal if there is no command. */
  readonly tty: boolean | undefined;
  /** The escape character of terminals; undefined: there is none. */
  readonly escape: string | undefined;
  readonly bind: string | undefined;
  readonly family: 4 | 6 | undefined;
  /** Of ssh_config(5), names in small letters. */
  readonly settings: ReadonlyMap<string, string>;
}

export type SshArguments = SshOptions | { readonly words: string; readonly code: number };

/** Settings that matter to what is simulated. */
const SETTINGS = new Set(["stricthostkeychecking", "userknownhostsfile", "globalknownhostsfile", "connecttimeout", "connectionattempts", "batchmode", "loglevel", "user", "port", "identityfile", "passwordauthentication", "pubkeyauthentication", "hostname", "requesttty", "identitiesonly"]); // prettier-ignore

/** Settings about ciphers, keep-alives and forwarding, which nothing here depends on. */
const WITHOUT_EFFECT = new Set(["serveraliveinterval", "serveralivecountmax", "tcpkeepalive", "compression", "ciphers", "macs", "kexalgorithms", "hostkeyalgorithms", "pubkeyacceptedalgorithms", "pubkeyacceptedkeytypes", "preferredauthentications", "forwardagent", "forwardx11", "checkhostip", "hashknownhosts", "updatehostkeys", "verifyhostkeydns", "visualhostkey", "gssapiauthentication", "kbdinteractiveauthentication", "challengeresponseauthentication", "sendenv", "addkeystoagent", "numberofpasswordprompts", "exitonforwardfailure", "controlmaster", "controlpersist", "controlpath"]); // prettier-ignore

/** Whether a name of ssh_config(5) is known, and matters here; undefined: ssh has no such option as far as is known. */
export function settingKind(name: string): "matters" | "without-effect" | undefined {
  if (SETTINGS.has(name)) return "matters";
  return WITHOUT_EFFECT.has(name) ? "without-effect" : undefined;
}

/**
 * Reads a command line; everything behind the host is the command. `fromFiles` says what the configuration files have for
 * a host, for which a command line's own settings come first.
 */
export function parseSshArguments(
  args: readonly string[],
  fromFiles: (host: string, file: string | undefined) => FileSettings,
): SshArguments {
  const given = parseOptions(FLAGS, args, { stopAtOperand: true });
  if ("notSimulated" in given) return { words: `drydock: ssh: '${given.notSimulated}' is not simulated\n`, code: 64 };
  if ("problem" in given)
    return {
      words: `${given.problem.replace("invalid option", "unknown option").replace(/'/g, "")}\n${SSH_USAGE}`,
      code: 255,
    };
  if (given.has("version")) return { words: "OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024\n", code: 0 };
  const [destination, ...words] = given.operands;
  if (destination === undefined) return { words: SSH_USAGE, code: 255 };
  const settings = new Map<string, string>();
  for (const text of given.values("option")) {
    const [, name, value] = /^\s*([a-z0-9]+)(?:\s*=\s*|\s+)(.*)$/i.exec(text) ?? [];
    if (name === undefined) return { words: `command-line line 0: no argument after keyword "${text}"\n`, code: 255 };
    const key = name.toLowerCase();
    if (settingKind(key) === undefined)
      return { words: `command-line: line 0: Bad configuration option: ${key}\n`, code: 255 };
    if (!settings.has(key)) settings.set(key, value!);
  }
  const url = /^ssh:\/\/(?:([^@/]*)@)?([^:/]+)(?::(\d+))?\/?$/.exec(destination);
  const at = destination.lastIndexOf("@");
  const host = url ? url[2]! : destination.slice(at + 1);
  const files = fromFiles(host, given.value("config"));
  if ("words" in files) return { words: files.words, code: 255 };
  for (const [name, value] of files) if (!settings.has(name)) settings.set(name, value);
  const user = url ? url[1] : at < 0 ? undefined : destination.slice(0, at);
  const port = given.value("port") ?? url?.[3] ?? settings.get("port") ?? "22";
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    return { words: `Bad port '${port}'\n`, code: 255 };
  const request = settings.get("requesttty")?.toLowerCase();
  return {
    host,
    user: given.value("login") ?? user ?? settings.get("user"),
    port: Number(port),
    command: words.length > 0 ? words.join(" ") : undefined,
    identities: [...given.values("identity"), ...(settings.has("identityfile") ? [settings.get("identityfile")!] : [])],
    quiet: given.has("quiet") || /^quiet$/i.test(settings.get("loglevel") ?? ""),
    noInput: given.has("noInput"),
    tty:
      given.has("noTty") || request === "no"
        ? false
        : given.has("tty") || request === "yes" || request === "force"
          ? true
          : undefined,
    escape: escapeOf(given.value("escape")),
    bind: given.value("bind"),
    family: given.has("four") ? 4 : given.has("six") ? 6 : undefined,
    settings,
  };
}

/** `-e none`, `-e ^X`, `-e X`. */
function escapeOf(given: string | undefined): string | undefined {
  if (given === undefined) return "~";
  if (given === "none") return undefined;
  return given.startsWith("^") && given.length === 2
    ? String.fromCharCode(given.charCodeAt(1) & 31)
    : given.slice(0, 1);
}
