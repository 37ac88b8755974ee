import { readNumber, type TargetExtension } from "../extension.ts";
import { parameter, type Problem } from "../row.ts";

interface NfqueueOptions {
  readonly queue: number;
  readonly last?: number;
  readonly bypass?: true;
  readonly fanout?: true;
}

const bad = (option: string): Problem =>
  parameter(`NFQUEUE: bad value for option "${option}", or out of range (0-65535).\n`);

/** Hands packets to a program that listens on a queue. None does here, so that they are lost, as they then are in life. */
export const NFQUEUE: TargetExtension = {
  kind: "target",
  name: "NFQUEUE",
  options: {
    "--queue-num": {
      key: "queue",
      words: 1,
      read: ([text]) => {
        const queue = readNumber(text!, 65_535);
        return queue === undefined ? bad("--queue-num") : { queue };
      },
    },
    "--queue-balance": {
      key: "queue",
      words: 1,
      read: ([text]) => {
        const [first, last] = text!.split(":").map((part) => readNumber(part, 65_535));
        if (first === undefined || last === undefined) return bad("--queue-balance");
        return { queue: first, last };
      },
    },
    "--queue-bypass": { key: "bypass", words: 0, read: () => true },
    "--queue-cpu-fanout": { key: "fanout", words: 0, read: () => true },
  },
  finish(given) {
    return {
      ...((given.get("queue")?.value as object | undefined) ?? { queue: 0 }),
      ...(given.has("bypass") ? { bypass: true } : {}),
      ...(given.has("fanout") ? { fanout: true } : {}),
    };
  },
  save(options) {
    const { queue, last, bypass, fanout } = options as unknown as NfqueueOptions;
    const which = last === undefined ? `--queue-num ${queue}` : `--queue-balance ${queue}:${last}`;
    return ` ${which}${bypass ? " --queue-bypass" : ""}${fanout ? " --queue-cpu-fanout" : ""}`;
  },
  list(options) {
    const { queue, last, bypass, fanout } = options as unknown as NfqueueOptions;
    const which = last === undefined ? `num ${queue}` : `balance ${queue}:${last}`;
    return ` NFQUEUE ${which}${bypass ? " bypass" : ""}${fanout ? " cpu-fanout" : ""}`;
  },
  compile: (options) => () => (options["bypass"] ? "accept" : "drop"),
};
