import { stringify } from "yaml";
import type { Process } from "../../sim/host/index.ts";
import { Api } from "./api.ts";
import { DEFAULT_VALUES } from "./chart.ts";
import { findChart } from "./find-chart.ts";
import type { HelmOptions } from "./options.ts";
import { ansiTime, listTime, readReleases, type Release } from "./release.ts";
import { table } from "./table.ts";
import { merge } from "./values.ts";

const yaml = (value: unknown): string => stringify(value, { indentSeq: false, lineWidth: 0 });

/** What install, upgrade and status print. */
export function printStatus({ name, namespace, version, info }: Release): string {
  const lines = [
    `NAME: ${name}`,
    `LAST DEPLOYED: ${ansiTime(info.last_deployed)}`,
    `NAMESPACE: ${namespace}`,
    `STATUS: ${info.status}`,
    `REVISION: ${version}`,
    ...(info.description === "Install complete" || info.description === "Upgrade complete" ? [] : [`DESCRIPTION: ${info.description}`]), // prettier-ignore
    "TEST SUITE: None",
    ...(info.notes === "" ? [] : ["NOTES:", info.notes.trim()]),
  ];
  return `${lines.join("\n")}\n`;
}

async function fail(process: Process, text: string): Promise<number> {
  await process.error(text.startsWith("drydock: ") ? `${text}\n` : `Error: ${text}\n`);
  return text.startsWith("drydock: ") ? 64 : 1;
}

/** The revisions of a release; undefined if that was told to be impossible. */
async function revisions(
  process: Process,
  { values }: HelmOptions,
  name: string,
): Promise<readonly Release[] | undefined> {
  // prettier-ignore
  const api = await Api.connect(process, async (why) => void (await fail(process, why)));
  if (!api) return undefined;
  const found = await readReleases(api, values.get("namespace") ?? "default", name);
  const problem = "error" in found ? found.error : found.length === 0 ? "release: not found" : undefined;
  if (problem === undefined && !("error" in found)) return found;
  await fail(process, problem ?? "");
  return undefined;
}

export async function list(process: Process, options: HelmOptions): Promise<number> {
  const { flags, values } = options;
  if (values.has("output") || values.has("filter"))
    return fail(process, "drydock: helm: 'list --output' is not simulated");
  const api = await Api.connect(process, async (why) => void (await fail(process, why)));
  if (!api) return 1;
  const found = await readReleases(api, flags.has("all-namespaces") ? "" : (values.get("namespace") ?? "default"));
  if ("error" in found) return fail(process, `list: failed to list: ${found.error}`);
  const last = new Map(found.map((release) => [`${release.namespace}/${release.name}`, release]));
  const rows = [...last.values()]
    .filter(({ info }) => flags.has("all") || info.status === "deployed" || info.status === "failed")
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (flags.has("short")) {
    await process.print(rows.map(({ name }) => `${name}\n`).join(""));
    return 0;
  }
  const head = ["NAME", "NAMESPACE", "REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION"];
  const lines = rows.map(({ name, namespace, version, info, chart: { metadata } }) => [
    name, namespace, String(version), listTime(info.last_deployed), info.status, `${metadata.name}-${metadata.version}`, metadata.appVersion,
  ]); // prettier-ignore
  await process.print(table(flags.has("no-headers") ? lines : [head, ...lines]));
  return 0;
}

export async function status(process: Process, options: HelmOptions): Promise<number> {
  const found = await revisions(process, options, options.words[0] ?? "");
  if (!found) return 1;
  await process.print(printStatus(found.at(-1)!));
  return 0;
}

export async function history(process: Process, options: HelmOptions): Promise<number> {
  const found = await revisions(process, options, options.words[0] ?? "");
  if (!found) return 1;
  const rows = found.map(({ version, info, chart: { metadata } }) => [
    String(version), ansiTime(info.last_deployed), info.status, `${metadata.name}-${metadata.version}`, metadata.appVersion, info.description,
  ]); // prettier-ignore
  await process.print(table([["REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"], ...rows]));
  return 0;
}

export async function get(process: Process, options: HelmOptions): Promise<number> {
  const [what = "", name = ""] = options.words;
  if (!["values", "manifest", "notes"].includes(what)) return fail(process, `drydock: helm: 'get ${what}' is not simulated`); // prettier-ignore
  const all = await revisions(process, options, name);
  const wanted = options.values.get("revision");
  const found = wanted === undefined ? all?.at(-1) : all?.find(({ version }) => version === Number(wanted));
  if (!found) return all ? fail(process, "release: not found") : 1;
  if (what === "manifest") await process.print(`${found.manifest}\n`);
  else if (what === "notes") await process.print(`NOTES:\n${found.info.notes.trim()}\n`);
  else if (options.flags.has("all"))
    await process.print(`COMPUTED VALUES:\n${yaml(sorted(merge(DEFAULT_VALUES, found.config)))}`);
  else
    await process.print(
      `USER-SUPPLIED VALUES:\n${Object.keys(found.config).length === 0 ? "null\n" : yaml(sorted(found.config))}`,
    );
  return 0;
}

/** Go writes maps by their keys. */
function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map((one: unknown) => sorted(one)) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted<unknown>(one)])) as T;
}

export async function show(process: Process, options: HelmOptions): Promise<number> {
  const [what = "", chart = ""] = options.words;
  if (!["values", "chart"].includes(what)) return fail(process, `drydock: helm: 'show ${what}' is not simulated`);
  const found = await findChart(process, chart, options);
  if ("error" in found) return fail(process, found.error);
  const { version, appVersion } = found.chart;
  const about = { apiVersion: "v2", appVersion, description: "Ingress controller for Kubernetes using NGINX as a reverse proxy and load balancer", home: "https://github.com/kubernetes/ingress-nginx", kubeVersion: ">=1.21.0-0", name: "ingress-nginx", version }; // prettier-ignore
  await process.print(yaml(what === "values" ? DEFAULT_VALUES : about));
  return 0;
}
