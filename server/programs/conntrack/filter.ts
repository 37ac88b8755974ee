import { addressText, contains, tupleAddress, type ConntrackRow } from "../../sim/net/index.ts";
import { prefixOf, type Command, type Given } from "./options.ts";

/** Whether a flow is one that the options ask for. */
export function fits(row: ConntrackRow, { name, given, protocol, family }: Command): boolean {
  if (protocol !== undefined && protocol !== row.protocol) return false;
  const { original, reply } = row;
  if (family !== undefined && (typeof original.src === "number") !== (family === 4)) return false;
  const ends = [
    [given.value("source") ?? given.value("src"), original.src],
    [given.value("destination") ?? given.value("dst"), original.dst],
    [given.value("replySource"), reply.src],
    [given.value("replyDestination"), reply.dst],
  ] as const;
  for (const [wanted, own] of ends) {
    const prefix = prefixOf(wanted);
    if (prefix && !contains(prefix, tupleAddress(own))) return false;
  }
  const numbers = [
    [given.value("sport") ?? given.value("origPortSource"), original.sport],
    [given.value("dport") ?? given.value("origPortDestination"), original.dport],
    [given.value("replyPortSource"), reply.sport],
    [given.value("replyPortDestination"), reply.dport],
    [given.value("icmpType"), original.dport >> 8],
    [given.value("icmpCode"), original.dport & 0xff],
    [given.value("icmpId"), original.sport],
  ] as const;
  // As strtoul reads them: what is no number is 0, and a port of 0 is none.
  for (const [wanted, own] of numbers)
    if (wanted !== undefined && (Number.parseInt(wanted, 10) || 0) !== own) return false;
  const changes = name === "update";
  const state = changes ? undefined : given.value("state");
  if (state !== undefined && row.tcp !== state.toUpperCase()) return false;
  // The mark, state and status of an update are what flows get, not what they have.
  return (
    markFits(row, changes ? undefined : given.value("mark")) &&
    statusFits(row, changes ? undefined : given.value("status")) &&
    natFits(row, given)
  );
}

/** `5`, `0x10/0xf0`. */
function markFits({ mark }: ConntrackRow, text: string | undefined): boolean {
  if (text === undefined) return true;
  const [value, mask] = text.split("/").map((part) => (/^(0x[0-9a-f]+|\d+)/i.test(part) ? Number(part) : 0));
  return (mark & (mask ?? -1)) === value!;
}

function statusFits(row: ConntrackRow, text: string | undefined): boolean {
  for (const status of text?.toUpperCase().split(",") ?? []) {
    if (status === "ASSURED" && !row.assured) return false;
    if (status === "SEEN_REPLY" && !row.seenReply) return false;
    if (status === "UNREPLIED" && row.seenReply) return false;
    if (status === "UNSET" && (row.assured || row.seenReply)) return false;
    if (status === "SNAT" && !row.sourceNat) return false;
    if (status === "DNAT" && !row.destinationNat) return false;
    if (["EXPECTED", "FIXED_TIMEOUT", "OFFLOAD", "HW_OFFLOAD"].includes(status)) return false;
  }
  return true;
}

/** `--src-nat`, perhaps with the address that it was changed to. Without one, all that met the table `nat` fit (IS_SNAT). */
function natFits(row: ConntrackRow, given: Given): boolean {
  const source = addressText(tupleAddress(row.reply.dst));
  const destination = addressText(tupleAddress(row.reply.src));
  const wants = (flag: "sourceNat" | "destinationNat" | "anyNat", ...to: readonly string[]): boolean => {
    if (!given.has(flag)) return true;
    const address = given.value(flag);
    return row.natSeen === true && (address === undefined || to.includes(address));
  };
  return wants("sourceNat", source) && wants("destinationNat", destination) && wants("anyNat", source, destination);
}
