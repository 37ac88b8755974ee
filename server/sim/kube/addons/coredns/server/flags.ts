/** What the command line of /coredns says (coremain/run.go). */
export interface Flags {
  readonly conf: string;
  readonly port: string;
  readonly quiet: boolean;
  readonly version: boolean;
  readonly plugins: boolean;
}

const USAGE = `Usage of /coredns:
  -conf string
    \tCorefile to load (default "Corefile")
  -dns.port string
    \tDefault port (default "53")
  -p string
    \tDefault port (default "53")
  -pidfile string
    \tPath to write pid file
  -plugins
    \tList installed plugins
  -quiet
    \tQuiet mode (no initialization output)
  -version
    \tShow version`;

export type Problem = { readonly lines: readonly string[]; readonly code: number };

/** Reads flags as Go's package flag does: `-conf x`, `--conf=x`. */
export function readFlags(args: readonly string[]): Flags | Problem {
  const flags = { conf: "", port: "53", quiet: false, version: false, plugins: false };
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word);
    if (!match) return { lines: [`extra command line arguments: [${args.slice(at).join(" ")}]`], code: 1 };
    const [, name, given] = match as unknown as [string, string, string | undefined];
    if (name === "h" || name === "help") return { lines: USAGE.split("\n"), code: 0 };
    if (name === "quiet" || name === "version" || name === "plugins") {
      if (given !== undefined && !/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(given))
        return usage(`invalid boolean value ${JSON.stringify(given)} for -${name}: parse error`);
      flags[name] = given === undefined || /^(1|t|T|true|TRUE|True)$/.test(given);
    } else if (name === "conf" || name === "dns.port" || name === "p") {
      const value = given ?? args[++at];
      if (value === undefined) return usage(`flag needs an argument: -${name}`);
      flags[name === "conf" ? "conf" : "port"] = value;
    } else if (name === "pidfile") return { lines: ["drydock: coredns: '-pidfile' is not simulated"], code: 64 };
    else return usage(`flag provided but not defined: -${name}`);
  }
  return flags;
}

function usage(error: string): Problem {
  return { lines: [error, ...USAGE.split("\n")], code: 2 };
}
