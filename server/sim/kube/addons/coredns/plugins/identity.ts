import type { DnsRecord } from "../../../../net/index.ts";
import { once, type Plugin } from "../plugin.ts";
import { written } from "../reply.ts";

interface ChaosConfig {
  readonly version: string;
  readonly authors: readonly string[];
}

const VERSION = "CoreDNS-1.12.0";
const LONGEST = 255;

/** chaos: tells its version and host to `dig CH TXT version.bind` (plugin/chaos). The list of CoreDNS's owners is not in the box. */
export const chaos: Plugin<ChaosConfig> = {
  name: "chaos",
  setup(c) {
    c.next();
    const [version = VERSION, ...authors] = c.remainingArgs();
    if (authors.length === 0) return { version: version.slice(0, LONGEST), authors };
    return { version, authors: [...new Set(authors.map((name) => name.slice(0, LONGEST)))].sort() };
  },
  serve:
    ({ version, authors }, { instance }, next) =>
    (query) => {
      const { name, qname, type, question } = query;
      if (question.class !== "CH" || type !== "TXT") return next(query);
      const texts: Readonly<Record<string, readonly string[]>> = {
        "authors.bind.": authors,
        "version.bind.": [version],
        "version.server.": [version],
        "hostname.bind.": [instance.self.host.hostname],
        "id.server.": [instance.self.host.hostname],
      };
      const found = texts[name];
      if (!found) return next(query);
      return written(query, {
        answers: found.map((text): DnsRecord => ({ name: qname, ttl: 0, type: "TXT", texts: [text], class: "CH" })),
      });
    },
};

const NSID = 3;

/** nsid: names the server to whoever asks with the EDNS option NSID (plugin/nsid). */
export const nsid: Plugin<string> = {
  name: "nsid",
  setup(c) {
    let name = c.host.hostname;
    once(c, () => {
      const args = c.remainingArgs();
      if (args.length > 0) name = args.join(" ");
    });
    return name;
  },
  serve: (name, _block, next) => (query) => {
    const outcome = next(query);
    const asked = query.message.edns;
    if (!outcome.message || !asked?.options.some(({ code }) => code === NSID)) return outcome;
    const edns = outcome.message.edns ?? { ...asked, options: [] };
    const options = [...edns.options.filter(({ code }) => code !== NSID), { code: NSID, data: name }];
    return { ...outcome, message: { ...outcome.message, edns: { ...edns, options } } };
  },
};
