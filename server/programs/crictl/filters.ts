import { RE2JS } from "re2js";
import { findImage, type Containerd, type ContainerRow, type SandboxRow } from "../../sim/kube/kubelet/index.ts";
import type { CliArguments, CliFlag } from "./cli.ts";
import { Fatal } from "./said.ts";

/** Flags by which containers are chosen. */
export const CONTAINER_FILTERS: readonly CliFlag[] = [
  { name: "name", usage: "Filter by container name regular expression pattern", type: "string" },
  { name: "namespace", usage: "Filter by pod namespace regular expression pattern", type: "string" },
  { name: "pod", aliases: ["p"], usage: "Filter by pod id", type: "string" },
  { name: "image", usage: "Filter by container image", type: "string" },
  { name: "state", aliases: ["s"], usage: "Filter by container state", type: "string" },
  { name: "label", usage: "Filter by key=value label", type: "strings" },
  {
    name: "latest",
    aliases: ["l"],
    usage: "Show the most recently created container (includes all states)",
    type: "bool",
  },
  {
    name: "last",
    aliases: ["n"],
    usage: "Show last n recently created containers (includes all states). Set 0 for unlimited.",
    type: "int",
  },
  { name: "all", aliases: ["a"], usage: "Show all containers", type: "bool" },
];

function regex(pattern: string): (text: string) => boolean {
  if (pattern === "") return () => true;
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (error) {
    throw new Fatal(
      `listing containers: list containers: invalid regular expression ${JSON.stringify(pattern)}: ${(error as Error).message}`,
    );
  }
}

function labelsOf(given: readonly string[]): [string, string][] {
  return given.map((text) => {
    const pair = text.split("=");
    if (pair.length !== 2) throw new Fatal(`incorrectly specified label: ${text}`);
    return [pair[0]!, pair[1]!];
  });
}

function count<T>(rows: readonly T[], args: CliArguments): readonly T[] {
  const last = args.int("last");
  return rows.slice(0, last > 0 ? last : args.bool("latest") ? 1 : rows.length);
}

/** The containers that flags ask for, newest first (container.go ListContainers, getContainersList). */
export function chosenContainers(runtime: Containerd, args: CliArguments): readonly ContainerRow[] {
  const state = args.string("state").toLowerCase();
  if (state !== "" && !["created", "running", "exited", "unknown"].includes(state))
    throw new Fatal(
      "listing containers: list containers: --state should be one of created, running, exited or unknown",
    );
  const anyState = args.bool("latest") || args.int("last") > 0 || (args.bool("all") && state === "");
  const wanted = state === "" ? "running" : state;
  const [byName, byNamespace] = [regex(args.string("name")), regex(args.string("namespace"))];
  const labels = labelsOf(args.strings("label"));
  const image = args.string("image");
  const imageId = image === "" ? undefined : findImage(runtime, image)?.id;
  const [id, pod] = [args.string("id"), args.string("pod")];
  const rows = [...runtime.containers.values()].filter(
    (row) =>
      (anyState || row.state === wanted) &&
      row.id.startsWith(id) &&
      row.sandbox.startsWith(pod) &&
      byName(row.config.name) &&
      byNamespace(row.config.labels["io.kubernetes.pod.namespace"] ?? "unknown") &&
      (image === "" || row.config.image === imageId) &&
      labels.every(([key, value]) => row.config.labels[key] === value),
  );
  return count(newest(rows), args);
}

export function chosenSandboxes(runtime: Containerd, args: CliArguments): readonly SandboxRow[] {
  const state = args.string("state").toLowerCase();
  if (state !== "" && state !== "ready" && state !== "notready") throw new Fatal("--state should be ready or notready");
  const [byName, byNamespace] = [regex(args.string("name")), regex(args.string("namespace"))];
  const labels = labelsOf(args.strings("label"));
  const rows = [...runtime.sandboxes.values()].filter(
    (row) =>
      (state === "" || (row.state === "ready") === (state === "ready")) &&
      row.id.startsWith(args.string("id")) &&
      byName(row.config.name) &&
      byNamespace(row.config.namespace) &&
      labels.every(([key, value]) => row.config.labels[key] === value),
  );
  return count(newest(rows), args);
}

function newest<T extends { readonly createdAt: number }>(rows: readonly T[]): T[] {
  return rows.toReversed().sort((a, b) => b.createdAt - a.createdAt);
}

/** A container by its id or a prefix that no other has; the error is containerd's. */
export function containerById(runtime: Containerd, id: string): ContainerRow | { readonly error: string } {
  return byPrefix(runtime.containers, id) ?? { error: notFound(`container ${JSON.stringify(id)}`) };
}

export function sandboxById(runtime: Containerd, id: string): SandboxRow | { readonly error: string } {
  return byPrefix(runtime.sandboxes, id) ?? { error: notFound("sandbox") };
}

function byPrefix<T extends { readonly id: string }>(
  table: { get(id: string): T | undefined; values(): Iterable<T> },
  id: string,
): T | undefined {
  const known = table.get(id);
  if (known) return known;
  const found = [...table.values()].filter((row) => row.id.startsWith(id));
  return found.length === 1 ? found[0] : undefined;
}

function notFound(what: string): string {
  return `rpc error: code = NotFound desc = an error occurred when try to find ${what}: not found`;
}

export function truncated(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 13);
}
