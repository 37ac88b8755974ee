import { ALL, type Selector } from "./selector.ts";
import { makeUniqueId } from "./unique-id.ts";

/** A set of addresses, or of addresses and ports, that rules look into (felix/calc IPSetData). */
export interface IpSetId {
  /** `s:dSXImMSA1iXOPxYRYLVorAP…` or `n:…`. */
  readonly id: string;
  /** Its name in the kernel. */
  readonly name: string;
  readonly type: "hash:net" | "hash:ip,port";
  /** Whose addresses are in it. */
  readonly selector: Selector;
  /** Of a set of named ports. */
  readonly port?: { readonly protocol: string; readonly name: string };
}

const LONGEST_NAME = 31;

/** The name of a set for IPv4 (felix/ipsets NameForMainIPSet). */
export function setName(id: string): string {
  return `cali40${id}`.slice(0, LONGEST_NAME);
}

export function ipSetForSelector(selector: Selector): IpSetId {
  const { id } = selector;
  return { id, name: setName(id), type: "hash:net", selector };
}

/** The ports of that name of whom a selector chooses. */
export function ipSetForPorts(selector: Selector = ALL, protocol: string, name: string): IpSetId {
  const id = makeUniqueId("n", `${selector.id},${protocol},${name}`);
  return { id, name: setName(id), type: "hash:ip,port", selector, port: { protocol, name } };
}
