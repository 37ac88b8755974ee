import { addressesOf, findLink, parseAddress, type Namespace } from "../../../../net/index.ts";
import type { Plugin } from "../plugin.ts";

/** bind: which addresses a server block listens on. Its configuration is those addresses. */
export const bind: Plugin<readonly string[]> = {
  name: "bind",
  setup(c) {
    const chosen: string[] = [];
    while (c.next()) {
      const args = c.remainingArgs();
      if (args.length === 0) throw new Error("at least one address or interface name is expected");
      const except: string[] = [];
      while (c.nextBlock()) {
        if (c.value !== "except") throw new Error(`unknown option ${JSON.stringify(c.value)}`);
        const left = c.remainingArgs();
        if (left.length === 0)
          throw new Error("at least one address or interface must be given to except subdirective");
        except.push(...left.flatMap((word) => addresses(c.ns, word)));
      }
      chosen.push(...args.flatMap((word) => addresses(c.ns, word)).filter((address) => !except.includes(address)));
    }
    return [...new Set(chosen)];
  },
};

function addresses(ns: Namespace, word: string): string[] {
  const link = findLink(ns, word);
  // Link-local addresses, which would need their link in their name, are left out.
  if (link)
    return addressesOf(ns, link.index)
      .map(({ local }) => local)
      .filter((address) => !address.startsWith("fe80:"));
  if (parseAddress(word) === undefined)
    throw new Error(`not a valid IP address or interface name: ${JSON.stringify(word)}`);
  return [word];
}
