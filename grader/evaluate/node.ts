import { systemdOf } from "../../server/sim/host/index.ts";
import {
  findLink,
  listChains,
  listRoutes,
  netfilterOf,
  readSysctl,
  routeText,
  ruleText,
  shownOperState,
  TABLE_MAIN,
} from "../../server/sim/net/index.ts";
import type { NodeSpec } from "../checks/schemas.ts";
import { Broken } from "../broken.ts";
import { describeMatcher, matches } from "../matcher.ts";
import type { Finding } from "../result.ts";
import { commandAt, type Place } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { quoted, shorten } from "./words.ts";

interface Fact {
  /** What it is about: `the unit kubelet.service`. */
  readonly what: string;
  readonly value: string | readonly string[] | undefined;
  /** The command that shows it. */
  readonly command: string;
}

/** What a machine's system says of itself. */
export function evaluateNode(scene: Scene, spec: NodeSpec): Finding {
  const place = scene.place(spec.on);
  if (!place) return { holds: false, expected: "a running Pod", observed: "the Pod does not exist or does not run" };
  const { what, value, command } = factOf(place, spec);
  return {
    holds: matches(spec.is, value),
    expected: `${what} on ${place.name}: ${describeMatcher(spec.is)}`,
    observed: valueWords(value),
    see: commandAt(place, command),
  };
}

function valueWords(value: Fact["value"]): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quoted(value);
  return value.length === 0 ? "an empty list" : shorten(value.join("; "));
}

function factOf(place: Place, spec: NodeSpec): Fact {
  const { host, ns } = place;
  if ("unit" in spec) {
    const name = spec.unit.includes(".") ? spec.unit : `${spec.unit}.service`;
    const { active } = systemdOf(host.machine).state(name);
    return { what: `the unit ${name}`, value: active, command: `systemctl status ${name}` };
  }
  if ("link" in spec) {
    const link = findLink(ns, spec.link);
    return { what: `the link ${spec.link}`, value: link && shownOperState(link), command: `ip link show ${spec.link}` };
  }
  if ("sysctl" in spec) {
    const read = readSysctl(ns, spec.sysctl.replaceAll(".", "/"));
    if (!read.ok) throw new Broken(`${place.name} has no sysctl ${spec.sysctl}`);
    return { what: spec.sysctl, value: read.value.trim(), command: `sysctl ${spec.sysctl}` };
  }
  if ("route" in spec) {
    const to = spec.route === "default" ? "0.0.0.0/0" : spec.route.includes("/") ? spec.route : `${spec.route}/32`;
    const routes = listRoutes(ns, to.includes(":") ? 6 : 4).filter((row) => row.table === TABLE_MAIN && row.to === to);
    const texts = routes.map((row) => routeText(ns, row).trim());
    const value = texts.length > 1 ? texts : texts[0];
    return { what: `the route to ${spec.route}`, value, command: `ip route show ${spec.route}` };
  }
  const chain = listChains(netfilterOf(ns), spec.table).find(({ name }) => name === spec.chain);
  const value = chain?.rules.map((rule) => ruleText(spec.chain, rule));
  const command = `iptables -t ${spec.table} -S ${spec.chain}`;
  return { what: `chain ${spec.chain} of ${spec.table}`, value, command };
}
