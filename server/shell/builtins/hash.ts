import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const hash: PlainBuiltin = {
  name: "hash",
  synopsis: "[-lr] [-p pathname] [-dt] [name ...]",
  summary: "Shows or changes what is remembered of where commands are.",
  run(shell, args) {
    const parsed = parseOptions(shell, hash, args, "lrp:dt");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (options.has("r")) shell.hash.forget();
    if (options.has("t") && rest.length === 0) {
      shell.complainInBuiltin("-t: option requires an argument");
      return 1;
    }
    if (rest.length === 0) {
      if (options.has("r")) return 0;
      const entries = shell.hash.list();
      if (entries.length === 0) shell.print("hash: hash table empty\n");
      else if (options.has("l")) for (const { name, path } of entries) shell.print(`builtin hash -p ${path} ${name}\n`);
      else {
        shell.print("hits\tcommand\n");
        for (const { path, hits } of entries) shell.print(`${String(hits).padStart(4)}\t${path}\n`);
      }
      return 0;
    }
    const path = options.get("p") as string | undefined;
    let status = 0;
    for (const name of rest) {
      const known = shell.hash.hashed(shell, name);
      let ok = true;
      if (options.has("d")) ok = known !== undefined && shell.hash.forget(name);
      else if (path !== undefined) shell.hash.add(name, path);
      else if (options.has("t")) {
        ok = known !== undefined;
        if (known !== undefined) shell.print(options.has("l") ? `builtin hash -p ${known} ${name}\n` : rest.length > 1 ? `${name}\t${known}\n` : `${known}\n`); // prettier-ignore
      } else if (!name.includes("/") && !shell.functions.has(name) && !shell.builtins.find(name)) {
        const found = shell.hash.search(shell, name);
        ok = found !== undefined;
        if (found !== undefined) shell.hash.add(name, found);
      }
      if (ok) continue;
      shell.complainInBuiltin(`${name}: not found`);
      status = 1;
    }
    return status;
  },
};
