import type { Frame } from "./frame.ts";

/** Does a frame pass? */
export type Predicate = (frame: Frame) => boolean;

/** What one part of a filter needs, and which kinds of packets could pass it at all. */
export interface Compiled {
  readonly test: Predicate;
  /** Of KINDS. */
  readonly may: number;
  /** Its opposite lets pass only the kinds that it refuses. */
  readonly exact: boolean;
}

const KINDS = ["arp", "rarp", "ip tcp", "ip udp", "ip icmp", "ip sctp", "ip igmp", "ip other", "ip6 tcp", "ip6 udp", "ip6 icmp6", "ip6 sctp", "ip6 other", "other"]; // prettier-ignore

export const ALL = (1 << KINDS.length) - 1;

export function kinds(pattern: RegExp): number {
  return KINDS.reduce((bits, kind, at) => (pattern.test(kind) ? bits | (1 << at) : bits), 0);
}

export const IP_PROTOCOLS: Readonly<Record<string, readonly [number, RegExp]>> = {
  tcp: [6, / tcp$/],
  udp: [17, / udp$/],
  sctp: [132, / sctp$/],
};

export function inexact(test: Predicate, may: number): Compiled {
  return { test, may, exact: false };
}

export function exact(test: Predicate, may: number): Compiled {
  return { test, may, exact: true };
}
