import { readNumber, type MatchExtension, type TargetExtension } from "../extension.ts";
import { TCP } from "../protocols.ts";
import { parameter, unsimulated } from "../row.ts";

const ECE = 0x40;
const CWR = 0x80;

interface EcnOptions {
  readonly ece?: boolean;
  readonly cwr?: boolean;
  readonly ect?: { readonly value: number; readonly not: boolean };
}

/** Explicit congestion notification: the two bits beside DSCP, and the two flags of TCP. */
export const ecn: MatchExtension = {
  kind: "match",
  name: "ecn",
  options: {
    "--ecn-tcp-cwr": { key: "cwr", words: 0, not: true, read: () => true },
    "--ecn-tcp-ece": { key: "ece", words: 0, not: true, read: () => true },
    "--ecn-ip-ect": {
      key: "ect",
      words: 1,
      not: true,
      read: ([text]) =>
        readNumber(text!, 3) ?? parameter('ecn: bad value for option "--ecn-ip-ect", or out of range (0-3).\n'),
    },
  },
  finish(given) {
    if (given.size === 0) return parameter("ECN match: some option required");
    const flag = (key: "ece" | "cwr"): EcnOptions => (given.has(key) ? { [key]: !given.get(key)!.not } : {});
    const ect = given.get("ect");
    return { ...flag("ece"), ...flag("cwr"), ...(ect ? { ect: { value: ect.value, not: ect.not } } : {}) };
  },
  refuse: ({ ece, cwr }, { protocol }) =>
    (ece !== undefined || cwr !== undefined) && (protocol?.value !== TCP || protocol.not) ? "EINVAL" : undefined,
  save(options) {
    const { ece, cwr, ect } = options as EcnOptions;
    const flag = (name: string, set: boolean | undefined): string =>
      set === undefined ? "" : `${set ? "" : " !"} --ecn-tcp-${name}`;
    return `${flag("ece", ece)}${flag("cwr", cwr)}${ect ? `${ect.not ? " !" : ""} --ecn-ip-ect ${ect.value}` : ""}`;
  },
  list(options) {
    const { ece, cwr, ect } = options as EcnOptions;
    const flag = (name: string, set: boolean | undefined): string =>
      set === undefined ? "" : ` ${set ? "" : "!"}${name}`;
    return ` ECN match${flag("ECE", ece)}${flag("CWR", cwr)}${ect ? ` ${ect.not ? "!" : ""}ECT=${ect.value}` : ""}`;
  },
  compile(options) {
    const { ece, cwr, ect } = options as EcnOptions;
    return ({ flags, tos }) =>
      (ect === undefined || ((tos & 3) === ect.value) !== ect.not) &&
      (ece === undefined || ((flags & ECE) !== 0) === ece) &&
      (cwr === undefined || ((flags & CWR) !== 0) === cwr);
  },
};

export const ECN: TargetExtension = {
  kind: "target",
  name: "ECN",
  family: 4,
  tables: ["mangle"],
  options: {
    "--ecn-tcp-remove": { key: "remove", words: 0, read: () => true },
    "--ecn-tcp-cwr": { key: "cwr", words: 1, read: () => unsimulated("-j ECN --ecn-tcp-cwr") },
    "--ecn-tcp-ece": { key: "ece", words: 1, read: () => unsimulated("-j ECN --ecn-tcp-ece") },
    "--ecn-ip-ect": { key: "ect", words: 1, read: () => unsimulated("-j ECN --ecn-ip-ect") },
  },
  finish: (given) => (given.has("remove") ? { remove: true } : parameter("ECN target: An operation is required")),
  refuse: (_, { protocol }) => (protocol?.value !== TCP || protocol.not ? "EINVAL" : undefined),
  save: () => " --ecn-tcp-remove",
  list: () => " ECN TCP remove",
  compile: () => (packet) => {
    packet.flags &= ~(ECE | CWR);
    return "continue";
  },
};
