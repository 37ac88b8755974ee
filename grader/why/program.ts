import type { Probe } from "../probe/probe.ts";
import type { Explanation } from "./explanation.ts";

type Decision = Probe["decisions"][number];

/** `nginx in Pod ingress-nginx/ingress-nginx-controller-…: server …, location /pay: … (Ingress shop/pay path /pay: …)` */
export function decisionWords({ host, netns, program, what, kubernetes }: Decision): string {
  return `${program} in ${netns === "" ? host : netns}: ${what}${kubernetes === undefined ? "" : ` (${kubernetes})`}`;
}

/** Name servers tell of themselves where the lookup is told. */
export function isLookup({ program }: Decision): boolean {
  return program === "CoreDNS";
}

/** Which rule a proxy in front of the server answered by; undefined if none was in the way. */
export function explainProxy({ decisions }: Probe): Explanation | undefined {
  const decision = decisions.findLast((each) => !isLookup(each));
  if (!decision) return undefined;
  const { kubernetes, what, program, netns, host } = decision;
  const why =
    kubernetes === undefined
      ? `${program} in ${netns === "" ? host : netns}: ${what}`
      : `${kubernetes} (${program}: ${what})`;
  const [, kind, namespace, name] = /\b(Ingress|HTTPRoute) ([^/\s]+)\/([^\s:,]+)/.exec(kubernetes ?? "") ?? [];
  if (name !== undefined) return { why, see: `kubectl -n ${namespace} describe ${kind!.toLowerCase()} ${name}` };
  const [, missing] = /^no (Ingress|HTTPRoute)/.exec(kubernetes ?? "") ?? [];
  return missing === undefined ? { why } : { why, see: `kubectl get ${missing.toLowerCase()} -A` };
}
