import type { Plugin } from "../plugin.ts";

/** What DNS Flag Day 2020 asks for. */
const DEFAULT = 1232;

/** bufsize: no client is believed to take larger packets than that (plugin/bufsize). */
export const bufsize: Plugin<number> = {
  name: "bufsize",
  setup(c) {
    c.next();
    const args = c.remainingArgs();
    const size = args.length === 0 ? DEFAULT : Number(args[0]);
    const right = args.length < 2 && /^[-+]?\d+$/.test(args[0] ?? String(DEFAULT)) && size >= 512 && size <= 4096;
    if (right) return size;
    // Its own name stands in the message twice, as upstream wraps the error twice.
    throw new Error(`plugin/bufsize: ${c.argumentError().message}`);
  },
  serve: (size, _block, next) => (query) => {
    const { edns } = query.message;
    if (!edns || edns.udpSize <= size) return next(query);
    return next(query.with({ ...query.message, edns: { ...edns, udpSize: size } }));
  },
};
