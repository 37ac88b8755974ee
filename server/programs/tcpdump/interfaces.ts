import { isRunning, listLinks, type LinkRow, type Namespace } from "../../sim/net/index.ts";

/** What else libpcap on Linux can listen to. */
const OTHERS = [
  "bluetooth-monitor (Bluetooth Linux Monitor) [Wireless]",
  "nflog (Linux netfilter log (NFLOG) interface) [none]",
  "nfqueue (Linux netfilter queue (NFQUEUE) interface) [none]",
  "dbus-system (D-Bus system bus) [none]",
  "dbus-session (D-Bus session bus) [none]",
];

/** The order in which it lists them: links that run and are no loopback, `any`, the loopback, those that are down. */
function ordered(ns: Namespace): (LinkRow | "any")[] {
  const links = listLinks(ns);
  const running = links.filter((link) => link.kind !== "loopback" && link.up && isRunning(link));
  const loopback = links.filter((link) => link.kind === "loopback" && link.up);
  const rest = links.filter((link) => !running.includes(link) && !loopback.includes(link));
  return [...running, "any", ...loopback, ...rest];
}

/** Names in the order of `tcpdump -D`: the first is what it listens on by itself. */
export function shownInterfaces(ns: Namespace): string[] {
  return ordered(ns).map((link) => (link === "any" ? "any" : link.name));
}

export function listInterfaces(ns: Namespace): string {
  const lines = ordered(ns).map((link) =>
    link === "any"
      ? "any (Pseudo-device that captures on all interfaces) [Up, Running]"
      : `${link.name} [${state(link)}]`,
  );
  return [...lines, ...OTHERS].map((line, at) => `${at + 1}.${line}\n`).join("");
}

function state(link: LinkRow): string {
  const loopback = link.kind === "loopback";
  const words = [
    ...(link.up ? ["Up"] : []),
    ...(link.up && isRunning(link) ? ["Running"] : []),
    ...(loopback ? ["Loopback"] : []),
    ...(!loopback ? [link.up && isRunning(link) ? "Connected" : "Disconnected"] : []),
  ];
  return words.join(", ");
}
