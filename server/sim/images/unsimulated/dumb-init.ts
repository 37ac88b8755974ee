import { exec, findInPath, type Program } from "../../host/index.ts";

/** Yelp's dumb-init, as far as images of ingress-nginx use it: `dumb-init -- COMMAND` starts the command. It does not stay beside it. */
export const dumbInit: Program = {
  name: "dumb-init",
  summary: "starts a container's command",
  async run(process, args) {
    const words = args[0] === "--" ? args.slice(1) : args;
    const [command = ""] = words;
    if (command.startsWith("-")) {
      await process.error(`drydock: dumb-init: '${command}' is not simulated\n`);
      return 64;
    }
    const path = command.includes("/") ? command : findInPath(process.host, command, process.env.PATH, process);
    if (path !== undefined) return exec(process, path, words, process.env);
    await process.error(`[dumb-init] ${command}: No such file or directory\n`);
    return 2;
  },
};
