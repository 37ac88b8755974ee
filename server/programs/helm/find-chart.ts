import type { Process } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { INGRESS_NGINX_CHARTS } from "../../sim/kube/addons/manifests/index.ts";
import type { ChartVersion } from "./chart.ts";
import type { HelmOptions } from "./options.ts";
import { entriesOf, fetch, readIndex, readRepositories, type IndexEntry } from "./repositories.ts";

export type FoundChart = { readonly chart: ChartVersion } | { readonly error: string; readonly code?: number };

/** The chart that a name means: `REPO/CHART`, or a name with `--repo URL`. Its templates are in Drydock, not in a file. */
export async function findChart(process: Process, text: string, { values }: HelmOptions): Promise<FoundChart> {
  const url = values.get("repo");
  const version = values.get("version") ?? "";
  if (
    process.host.files.exists(text.startsWith("/") ? text : `${process.cwd}/${text}`, process) ||
    /^(?:oci|https?):\/\//.test(text)
  )
    // prettier-ignore
    return { error: `drydock: helm: chart '${text}' is not simulated`, code: 64 };
  let entries: readonly IndexEntry[];
  let name = text;
  if (url === undefined) {
    const [repository, ...rest] = text.split("/") as [string, ...string[]];
    if (rest.length === 0)
      return { error: `non-absolute URLs should be in form of repo_name/path_to_chart, got: ${text}` };
    const known = readRepositories(process);
    if (!known || !known.some((one) => one.name === repository)) return { error: `repo ${repository} not found` };
    const index = readIndex(process, repository);
    if (!index) return { error: `no cached repo found. (try 'helm repo update'): open ${process.env["HOME"] ?? "/root"}/.cache/helm/repository/${repository}-index.yaml: no such file or directory` }; // prettier-ignore
    entries = index;
    name = rest.join("/");
    const found = pick(entries, name, version);
    if (!found) {
      const why = entries.some((one) => one.name === name) ? `no chart version found for ${name}-${version}` : "no chart name found"; // prettier-ignore
      return { error: `chart ${JSON.stringify(name)} matching ${version} not found in ${repository} index. (try 'helm repo update'): ${why}` }; // prettier-ignore
    }
    return load(process, found);
  }
  const got = await fetch(process, `${url.replace(/\/$/, "")}/index.yaml`);
  if ("error" in got) return { error: `looks like ${JSON.stringify(url)} is not a valid chart repository or cannot be reached: ${got.error}` }; // prettier-ignore
  entries = entriesOf(decode(got.body));
  const found = pick(entries, name, version);
  if (!found) return { error: `chart ${JSON.stringify(name)}${version === "" ? "" : ` version ${JSON.stringify(version)}`} not found in ${url} repository` }; // prettier-ignore
  return load(process, found);
}

function pick(entries: readonly IndexEntry[], name: string, version: string): IndexEntry | undefined {
  const plain = version.replace(/^[v=~^]+/, "");
  return entries.find((one) => one.name === name && (plain === "" || one.version === plain || one.version.startsWith(`${plain}.`))); // prettier-ignore
}

async function load(_: Process, { name, version }: IndexEntry): Promise<FoundChart> {
  const chart = name === "ingress-nginx" ? INGRESS_NGINX_CHARTS.find((one) => one.version === version) : undefined;
  return chart ? { chart } : { error: `drydock: helm: chart '${name}' is not simulated`, code: 64 };
}
