import {
  addressesNow,
  isAddress,
  lookupNow,
  type AddressLookup,
  type DnsRecord,
  type LookupFailure,
} from "../../server/sim/net/index.ts";
import type { DnsSpec } from "../checks/schemas.ts";
import { describeMatcher, matches } from "../matcher.ts";
import { flavourOf } from "../probe/resolver.ts";
import type { Evidence, Finding } from "../result.ts";
import { commandAt, placeWords, type Place } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { listed, sentence } from "../why/explanation.ts";
import { explainLookup, lookupText } from "../why/lookup.ts";

interface Lookup {
  readonly from: Place;
  readonly answers: readonly string[];
  readonly failure: LookupFailure | undefined;
  readonly asked: AddressLookup;
}

/** A lookup from each of the places, by its own files and name servers. */
export function evaluateDns(scene: Scene, spec: DnsSpec): Finding {
  const expected =
    typeof spec.expect === "string" ? spec.expect : `${spec.type} records: ${describeMatcher(spec.expect.answers)}`;
  const places = scene.places(spec.from);
  if (places.length === 0) return { holds: false, expected, observed: nobodyWords(scene, spec.from) };
  const lookups = places.map((from) => lookupFrom(from, spec));
  const wrong = lookups.filter((lookup) => !fits(lookup, spec));
  const [shown] = wrong.length > 0 ? wrong : lookups;
  const { why, see } = explainLookup(scene, shown!.from, spec.name, shown!.asked);
  const unexpected = wrong.length > 0 && shown!.answers.length === 0;
  return {
    holds: wrong.length === 0,
    expected,
    observed: `${lookupWords(shown!)}, from ${placeWords(shown!.from)}`,
    ...(unexpected && why !== undefined ? { why: sentence(why) } : {}),
    see:
      spec.type === "A" && see !== undefined ? see : commandAt(shown!.from, `nslookup -type=${spec.type} ${spec.name}`),
    evidence: evidence(shown!, spec),
    share: (lookups.length - wrong.length) / lookups.length,
  };
}

function nobodyWords(scene: Scene, from: DnsSpec["from"]): string {
  return typeof from === "object" && "host" in from ? scene.absent(from) : "no Pod to ask from";
}

function lookupFrom(from: Place, { name, type }: DnsSpec): Lookup {
  const flavour = flavourOf(from.host);
  if (type === "A") {
    const asked = addressesNow(from.host, from.ns, name, flavour);
    return { from, answers: asked.addresses, failure: asked.failure, asked };
  }
  const wanted = type === "PTR" && isAddress(name) ? reverseName(name) : name;
  const lookup = lookupNow(from.ns, from.host.readText("/etc/resolv.conf") ?? "", wanted, [type], flavour);
  const answers = lookup.records.flatMap((record) => (record.type === type ? [recordText(record)] : []));
  const failure = lookup.failure ?? (answers.length === 0 ? ("no data" as const) : undefined);
  return {
    from,
    answers,
    failure,
    asked: { addresses: [], latency: lookup.latency, lookup, ...(failure ? { failure } : {}) },
  };
}

function fits({ answers, failure }: Lookup, { expect }: DnsSpec): boolean {
  if (typeof expect === "object")
    return matches(expect.answers, answers.length === 1 ? answers[0] : answers) || matches(expect.answers, answers);
  if (expect === "found") return answers.length > 0;
  // A name without such a record is not found either: what is asked for is not there.
  return expect === "no answer" ? failure === "try again" : answers.length === 0 && failure !== "try again";
}

function lookupWords({ answers, failure }: Lookup): string {
  if (answers.length > 0) return listed(answers, 5);
  if (failure === "try again") return "no answer";
  return failure === "no data" ? "the name is there, without such a record" : "not found";
}

function recordText(record: DnsRecord): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return record.address;
    case "CNAME":
    case "PTR":
    case "NS":
      return record.target.replace(/\.$/, "");
    case "SRV":
      return `${record.priority} ${record.weight} ${record.port} ${record.target.replace(/\.$/, "")}`;
    case "TXT":
      return record.texts.join("");
    default:
      return record.type;
  }
}

/** `4.3.2.1.in-addr.arpa.` */
function reverseName(address: string): string {
  return `${address.split(".").reverse().join(".")}.in-addr.arpa.`;
}

function evidence({ from, asked }: Lookup, { name }: DnsSpec): readonly Evidence[] {
  const { lookup } = asked;
  if (!lookup) return [{ kind: "text", title: `${name} on ${from.name}`, text: "/etc/hosts" }];
  return [
    { kind: "text", title: `${from.name} looks up ${name}`, text: lookupText(lookup) },
    ...(lookup.trace ? [{ kind: "trace" as const, title: "the last question", trace: lookup.trace.toJSON() }] : []),
  ];
}
