import { attempt, Errno } from "../../sim/host/index.ts";
import { encode } from "../../sim/kernel/index.ts";
import type { Command } from "./command.ts";
import { CONFIG_KEYS, readConfig, type ConfigKey } from "./endpoint.ts";
import { drawTable } from "./output.ts";
import { Fatal } from "./said.ts";

const DEFAULTS: Readonly<Record<ConfigKey, string>> = {
  "runtime-endpoint": "",
  "image-endpoint": "",
  timeout: "0",
  debug: "false",
  "pull-image-on-create": "false",
  "disable-pull-on-run": "false",
};

/** cmd/crictl/config.go: shows and changes the configuration file. `path`: which. */
export function configCommand(path: () => string): Command {
  return {
    name: "config",
    usage: "Get, set and list crictl configuration options",
    argsUsage: "[<crictl options>]",
    flags: [
      { name: "get", usage: "show the option value", type: "string" },
      { name: "set", usage: "set option (can specify multiple or separate values with commas: opt1=val1,opt2=val2)", type: "strings" }, // prettier-ignore
      { name: "list", usage: "show all option value", type: "bool" },
    ],
    clusters: true,
    async run({ process, args, help }) {
      const known = { ...DEFAULTS, ...(await readConfig(process, path(), false)) };
      const valid = (key: string): ConfigKey => {
        if (!(CONFIG_KEYS as readonly string[]).includes(key)) throw new Fatal(`no section named ${key}`);
        return key as ConfigKey;
      };
      if (args.isSet("get")) return process.print(`${known[valid(args.string("get"))]}\n`);
      if (args.bool("list"))
        return process.print(drawTable([["KEY", "VALUE"], ...CONFIG_KEYS.map((key) => [key, known[key]])]));
      const pairs = args.isSet("set")
        ? args.strings("set").map((text) => text.split(/=(.*)/s).slice(0, 2))
        : [args.operands.slice(0, 2)];
      if (pairs[0]!.length === 0) return help();
      for (const [key = "", value] of pairs) {
        if (value === undefined) return process.print(`${known[valid(key)]}\n`);
        known[valid(key)] = value;
      }
      const text = CONFIG_KEYS.map((key) => `${key}: ${quoted(known[key])}\n`).join("");
      const written = attempt(() => process.host.files.write(path(), encode(text), { mode: 0o644 }));
      if (written instanceof Errno)
        throw new Fatal(`write config file: open ${path()}: ${written.message.toLowerCase()}`);
    },
  };
}

function quoted(value: string): string {
  return value === "" ? '""' : value;
}
