import { account, addToAccount } from "../accounts.ts";
import type { MatchExtension } from "../extension.ts";
import { parameter } from "../row.ts";

/** nfnetlink_acct.h NFACCT_NAME_MAX, with its end. */
const NAME_MAX = 31;

/** Counts packets in an object that has a name of its own (nfnetlink_acct) and matches them all. */
export const nfacct: MatchExtension = {
  kind: "match",
  name: "nfacct",
  options: {
    "--nfacct-name": {
      key: "name",
      words: 1,
      read: ([text]) =>
        text!.length <= NAME_MAX ? text : parameter('nfacct: option "--nfacct-name": string too long (max 31)\n'),
    },
  },
  finish(given) {
    const name = given.get("name");
    return name ? { name: name.value } : parameter('nfacct: option "--nfacct-name" must be specified\n');
  },
  refuse: (options, _draft, ns) => (account(ns, options["name"] as string) ? undefined : "ENOENT"),
  // xtables_save_string puts a blank of its own before the name.
  save: (options) => ` --nfacct-name  ${options["name"] as string}`,
  list: (options) => ` nfacct-name  ${options["name"] as string}`,
  compile(options) {
    const name = options["name"] as string;
    return (packet, { ns }) => {
      addToAccount(ns, name, packet.segments, packet.bytes);
      return true;
    };
  },
};
