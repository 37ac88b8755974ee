import { inside, ip, type Link, type Route, type Stack } from "./stack.ts";
import { type IptablesOp } from "./op.ts";
import type { Packet } from "./packet.ts";
import { stateOf } from "./tracking.ts";

export interface Scene {
  readonly stack: Stack;
  readonly input: Link | undefined;
  readonly output: Link | undefined;
  readonly route: Route | undefined;
}

export function matches({ match = {} }: IptablesOp, packet: Packet, { input, output }: Scene): boolean {
  const within = (words: string, address: number): boolean => {
    const [base, length = "32"] = words.split("/");
    return inside({ ip: ip(base!), length: Number(length) }, address);
  };
  return (
    (match.source === undefined || within(match.source, packet.src)) &&
    (match.destination === undefined || within(match.destination, packet.dst)) &&
    (match.input === undefined || match.input === input?.name) &&
    (match.output === undefined || match.output === output?.name) &&
    (match.protocol === undefined || match.protocol === packet.protocol) &&
    (match.port === undefined || match.port === packet.dport) &&
    (match.mark === undefined || match.mark === packet.mark) &&
    (match.states === undefined || match.states.includes(stateOf(packet)))
  );
}
