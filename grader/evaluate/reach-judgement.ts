import { header } from "../../server/sim/net/index.ts";
import type { Outcome } from "../checks/names.ts";
import type { Expectation } from "../checks/reach-spec.ts";
import { describeMatcher, matches, type Matcher } from "../matcher.ts";
import type { Probe } from "../probe/probe.ts";
import { quoted } from "./words.ts";

export type Expected = Omit<Expectation, "outcome" | "backends"> & { readonly outcome: Outcome };

/** What does not fit of an attempt, as "observed" says it; undefined if all does. */
export function mismatch(probe: Probe, expected: Expected): string | undefined {
  const { outcome, status, body = "", headers = [], seenSource } = probe;
  if (outcome !== expected.outcome) return outcomeWords(probe);
  if (expected.status !== undefined && !matches(expected.status, status))
    return `${status ?? "no HTTP answer"}${behind(probe)}`;
  if (expected.body !== undefined && !matches(expected.body, body))
    return `${status ?? "an answer"} and the body ${quoted(body)}${behind(probe)}`;
  for (const [name, matcher] of Object.entries(expected.headers ?? {})) {
    const value = header({ headers }, name);
    if (!matches(matcher, value))
      return value === undefined ? `no header ${name}` : `the header ${name}: ${quoted(value)}`;
  }
  if (expected.source !== undefined && !sourceFits(expected.source, probe))
    return `the server sees ${seenSource ?? "nobody"} as the client`;
  return undefined;
}

function sourceFits(matcher: Matcher, { seenSource, from }: Probe): boolean {
  if (seenSource === undefined) return false;
  if (matcher === "kept") return seenSource === from.address;
  if (matcher === "translated") return seenSource !== from.address;
  return matches(matcher, seenSource);
}

/** `200 and a body that contains "cart ok"`. */
export function expectedWords(expected: Expected): string {
  const { outcome, status, body, headers = {}, source } = expected;
  if (outcome !== "connected") return outcome === "refused" ? "connection refused" : outcome;
  const parts = [
    ...(status === undefined ? [] : [describeMatcher(status, "a status")]),
    ...(body === undefined ? [] : [describeMatcher(body, "a body")]),
    ...Object.entries(headers).map(([name, matcher]) => `the header ${name}: ${describeMatcher(matcher)}`),
    ...(source === undefined ? [] : [sourceWords(source)]),
  ];
  return parts.length > 0 ? parts.join(" and ") : "connected";
}

function sourceWords(source: Matcher): string {
  if (source === "kept") return "the client's own address seen by the server";
  if (source === "translated") return "another address than the client's seen by the server";
  return `as the client's address ${describeMatcher(source, "one")}`;
}

/** `connection refused after 1 ms`. */
export function outcomeWords(probe: Probe): string {
  const { outcome, latency, detail, target, status } = probe;
  switch (outcome) {
    case "connected":
      return status === undefined ? "connected" : `${status}${behind(probe)}`;
    case "refused":
      return `connection refused after ${milliseconds(latency)} ms`;
    case "timed out":
      return detail ?? "no answer (timed out)";
    case "no route":
      return "no route to host";
    case "reset":
      return detail ?? "connection reset";
    case "name not found":
      return `the name ${target.host} is not found`;
    case "certificate refused":
      return "the certificate is not trusted";
  }
}

function behind({ backend }: Probe): string {
  return backend ? ` from ${backend.name} (${backend.address}:${backend.port})` : "";
}

function milliseconds(latency: number): number {
  return Math.max(1, Math.round(latency / 1000));
}
