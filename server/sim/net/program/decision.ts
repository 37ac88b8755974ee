import type { Namespace } from "../namespace.ts";

/** What a program decided about a request: which record or rule of its configuration counted. For traces. */
export interface Decision {
  readonly host: string;
  /** The label of the namespace that the program lives in; empty for the machine's own. */
  readonly netns: string;
  /** `CoreDNS`, `nginx` */
  readonly program: string;
  readonly what: string;
  /** The object of the cluster that decided, as in `Ingress shop/pay`. */
  readonly kubernetes?: string;
  /** Where in a configuration that is written from objects which it does not name: others find them. */
  readonly place?: DecisionPlace;
}

/** A location of a proxy. */
export interface DecisionPlace {
  readonly server: string;
  readonly port: number;
  /** `/pay/`, `= /pay`; undefined in none. */
  readonly location: string | undefined;
  readonly upstream: string | undefined;
  readonly host: string;
  readonly path: string;
}

/** Tells whoever listens what a program decided; its words are made only then. */
export function decided(
  ns: Namespace,
  program: string,
  describe: () => Pick<Decision, "what" | "kubernetes" | "place">,
): void {
  const { onDecision } = ns.network;
  if (onDecision) onDecision({ host: ns.machine, netns: ns.title, program, ...describe() });
}
