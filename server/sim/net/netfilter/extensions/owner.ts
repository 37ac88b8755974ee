import { ICMP, ICMPV6 } from "../protocols.ts";
import { ECHO_REQUEST, RST } from "../../walk/packet.ts";
import { readNumber, type MatchExtension, type ReadContext } from "../extension.ts";
import { parameter, unsimulated } from "../row.ts";

interface OwnerOptions {
  readonly min: number;
  readonly max: number;
  readonly not?: true;
}

/** The user whose socket sent a packet. What the kernel itself sends (resets, ICMP errors and answers) has none. */
export const owner: MatchExtension = {
  kind: "match",
  name: "owner",
  options: {
    "--uid-owner": { key: "uid", words: 1, not: true, read: ([text], context) => readUsers(text!, context) },
    "--gid-owner": {
      key: "gid",
      words: 1,
      not: true,
      read: ([text], { accounts }) =>
        readNumber(text!.split("-")[0]!) === undefined && accounts?.group(text!) === undefined
          ? parameter(`owner: Bad value for "--gid-owner" option: "${text}"`)
          : unsimulated("-m owner --gid-owner"),
    },
    "--socket-exists": { key: "socket", words: 0, not: true, read: () => unsimulated("-m owner --socket-exists") },
    "--suppl-groups": { key: "groups", words: 0, read: () => unsimulated("-m owner --suppl-groups") },
  },
  finish(given) {
    const wish = given.get("uid");
    if (!wish) return parameter("owner: At least one of --uid-owner, --gid-owner or --socket-exists is required");
    return { ...(wish.value as OwnerOptions), ...(wish.not ? { not: true as const } : {}) };
  },
  save(options) {
    const { min, max, not } = options as unknown as OwnerOptions;
    return `${not ? " !" : ""} --uid-owner ${min === max ? min : `${min}-${max}`}`;
  },
  list(options, style) {
    const { min, max, not } = options as unknown as OwnerOptions;
    const name = style.numeric || min !== max ? undefined : style.accounts?.userName(min);
    return `${not ? " !" : ""} owner UID match ${name ?? (min === max ? min : `${min}-${max}`)}`;
  },
  hooks: ["OUTPUT", "POSTROUTING"],
  compile(options) {
    const { min, max, not = false } = options as unknown as OwnerOptions & { not?: boolean };
    return (packet) => {
      const { protocol, icmpType, flags, uid } = packet;
      const made =
        (flags & RST) !== 0 ||
        (protocol === ICMP && icmpType !== ECHO_REQUEST) ||
        (protocol === ICMPV6 && icmpType !== 128);
      return !made && (uid >= min && uid <= max) !== not;
    };
  },
};

function readUsers(text: string, { accounts }: ReadContext) {
  const known = accounts?.user(text);
  if (known !== undefined) return { min: known, max: known };
  const [first, second = first] = text.split("-") as [string, string?];
  const [min, max] = [readNumber(first), readNumber(second)];
  if (min === undefined || max === undefined) return parameter(`owner: Bad value for "--uid-owner" option: "${text}"`);
  return { min, max };
}
