import type { IptablesOp } from "./op.ts";
import { find, type Stack } from "./stack.ts";

export function newChain(stack: Stack, name: string): void {
  stack.chains.set(name, { policy: "ACCEPT", rules: [] });
}

export function sysctl(stack: Stack, name: string, value: number): boolean {
  const [, owner, key] = /^net\.ipv4\.conf\.(\w+)\.(\w+)$/.exec(name) ?? [];
  if (owner === undefined) {
    const short = name.slice("net.ipv4.".length);
    stack.conf.set(short, value);
    if (short === "ip_forward") for (const link of stack.links) link.conf.set("forwarding", value);
    return true;
  }
  const link = find(stack, owner);
  if (owner !== "all" && !link) return false;
  (link?.conf ?? stack.all).set(key!, value);
  return true;
}

export function iptables(stack: Stack, op: IptablesOp): boolean {
  const name = `${op.table} ${op.chain}`;
  const chain = stack.chains.get(name);
  if (op.verb === "new") {
    if (chain) return false;
    stack.chains.set(name, { policy: undefined, rules: [] });
    return true;
  }
  if (!chain) return false;
  const jump = op.target?.name === "JUMP" ? op.target.chain : undefined;
  if (jump !== undefined && !stack.chains.has(`${op.table} ${jump}`)) return false;
  if (op.match?.port !== undefined && op.match.protocol === undefined) return false;
  if (op.verb === "policy") chain.policy = op.target!.name as "ACCEPT" | "DROP";
  else if (op.verb === "flush") chain.rules = [];
  else if (op.verb === "append") chain.rules.push(op);
  else chain.rules.unshift(op);
  return true;
}
