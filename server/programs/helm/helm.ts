import type { Process, Program } from "../../sim/host/index.ts";
import { install, rollback, template, uninstall, upgrade } from "./actions.ts";
import { get, history, list, show, status } from "./inspect.ts";
import { readOptions, unsimulated, type HelmOptions } from "./options.ts";
import { repo } from "./repo.ts";
import { search } from "./search.ts";

type Command = (process: Process, options: HelmOptions) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = {
  version: async (process, { flags }) => {
    const text = flags.has("short")
      ? "v3.18.3+g6838ebc"
      : 'version.BuildInfo{Version:"v3.18.3", GitCommit:"6838ebcf265a3842d1433956e8a622e3290cf324", GitTreeState:"clean", GoVersion:"go1.24.4"}';
    await process.print(`${text}\n`);
    return 0;
  },
  repo,
  search,
  install,
  upgrade,
  uninstall,
  delete: uninstall,
  del: uninstall,
  un: uninstall,
  rollback,
  template,
  list,
  ls: list,
  status,
  history,
  hist: history,
  get,
  show,
  inspect: show,
};

const UNSIMULATED = new Set(["completion", "create", "dependency", "dep", "env", "lint", "package", "plugin", "pull", "fetch", "push", "registry", "test", "verify"]); // prettier-ignore

/** Helm 3.18: releases of charts. Of charts only ingress-nginx is in the world. */
export const helm: Program = {
  name: "helm",
  summary: "the package manager for Kubernetes",
  async run(process, args) {
    const options = readOptions(args);
    if ("error" in options) {
      await process.error(`Error: ${options.error}\n`);
      return 1;
    }
    const [name = ""] = options.words;
    const command = COMMANDS[name];
    if (name === "" || name === "help" || options.flags.has("help")) {
      await process.print(USAGE);
      return 0;
    }
    const odd = unsimulated(options);
    if (odd !== undefined) {
      await process.error(`drydock: helm: '--${odd}' is not simulated\n`);
      return 64;
    }
    if (command) return command(process, { ...options, words: options.words.slice(1) });
    if (UNSIMULATED.has(name)) {
      await process.error(`drydock: helm: '${name}' is not simulated\n`);
      return 64;
    }
    await process.error(`Error: unknown command ${JSON.stringify(name)} for "helm"\nRun 'helm --help' for usage.\n`);
    return 1;
  },
};

const USAGE = `Helm installs charts, which are packages of Kubernetes objects.

Usage:
  helm [command]

Available Commands:
  get         download extended information of a named release
  help        Help about any command
  history     fetch release history
  install     install a chart
  list        list releases
  repo        add, list, remove, update, and index chart repositories
  rollback    roll back a release to a previous revision
  search      search for a keyword in charts
  show        show information of a chart
  status      display the status of the named release
  template    locally render templates
  uninstall   uninstall a release
  upgrade     upgrade a release
  version     print the helm version information
`;
