import { hash } from "node:crypto";
import type { Direction, Policy } from "./policy.ts";
import { lengthLimitedId } from "./unique-id.ts";

/** iptables takes no longer ones. */
const LONGEST_NAME = 28;

/** All Kubernetes' policies are in this tier. */
export const TIER = "default";

export function policyChain(direction: Direction, policy: string): string {
  return lengthLimitedId(direction === "ingress" ? "cali-pi-" : "cali-po-", `${TIER}/${policy}`, LONGEST_NAME);
}

export function profileChain(direction: Direction, profile: string): string {
  return lengthLimitedId(direction === "ingress" ? "cali-pri-" : "cali-pro-", profile, LONGEST_NAME);
}

/** What is sent to an endpoint by its interface, or comes from it. */
export function endpointChain(direction: Direction, link: string): string {
  return lengthLimitedId(direction === "ingress" ? "cali-tw-" : "cali-fw-", link, LONGEST_NAME);
}

/** Several policies with one selector (rules/endpoints.go PolicyGroup.UniqueID). */
export function groupChain(direction: Direction, selector: string, policies: readonly Policy[]): string {
  const prefix = direction === "ingress" ? "cali-gi-" : "cali-go-";
  const lines = [
    TIER,
    selector,
    direction === "ingress" ? "inbound" : "outbound",
    String(policies.length),
    ...policies.map(({ name }) => name),
  ];
  const id = hash("sha3-224", lines.map((line) => `${line}\n`).join(""), "base64url");
  return prefix + id.slice(0, LONGEST_NAME - prefix.length);
}
