import type { NetworkPolicy, Pod } from "../api/index.ts";

/** What a rule that a network add-on wrote into a machine's tables has to do with NetworkPolicies. */
export interface PolicyReason {
  readonly direction: "ingress" | "egress";
  /**
   * A policy `allows` it, or it is one of several kernel rules that `ask` for one rule of a policy; no policy allowed it
   * although there are some (`denies`), or none is for the Pod (`free`).
   */
  readonly verdict: "allows" | "asks" | "denies" | "free";
  readonly policy?: NetworkPolicy;
  /** The number of the policy's rule, from 0. */
  readonly rule?: number;
  /** Whose traffic it is, if the rule tells that. */
  readonly pod?: Pod;
}

/** A rule as a Trace refers to it. */
export interface RuleReference {
  readonly text: string;
  readonly chain?: string;
  readonly path?: readonly string[];
}
