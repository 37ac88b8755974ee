import type { Process } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import type { HelmOptions } from "./options.ts";
import { fetch, readIndex, readRepositories } from "./repositories.ts";
import { table } from "./table.ts";

const HUB = "https://hub.helm.sh";
const WIDTH = 50;

/** helm search hub, helm search repo */
export async function search(
  process: Process,
  { words: [where = "", ...words], flags, values }: HelmOptions,
): Promise<number> {
  // prettier-ignore
  const width = Number(values.get("max-col-width") ?? WIDTH);
  if (values.has("output")) {
    await process.error("drydock: helm: 'search --output' is not simulated\n");
    return 64;
  }
  if (where === "hub") return searchHub(process, words, width);
  if (where === "repo") return searchRepo(process, words, flags.has("versions"), width, values.get("version"));
  await process.error(`Error: unknown command ${JSON.stringify(where)} for "helm search"\n`);
  return 1;
}

interface HubChart {
  readonly artifactHub: { readonly packageUrl: string };
  readonly attributes: { readonly description: string };
  readonly relationships: { readonly latestChartVersion: { readonly data: { readonly version: string; readonly app_version: string } } }; // prettier-ignore
}

async function searchHub(process: Process, words: readonly string[], width: number): Promise<number> {
  const url = `${HUB}/api/chartsvc/v1/charts/search?q=${encodeURIComponent(words.join(" ")).replaceAll("%20", "+")}`;
  const got = await fetch(process, url);
  if ("error" in got) {
    await process.error(`Error: unable to perform search against "${HUB}": ${got.error}\n`);
    return 1;
  }
  const { data } = JSON.parse(decode(got.body)) as { readonly data: readonly HubChart[] };
  const rows = data.map(({ artifactHub, attributes, relationships }) => {
    const latest = relationships.latestChartVersion.data;
    return [artifactHub.packageUrl, latest.version, latest.app_version, attributes.description];
  });
  const head = ["URL", "CHART VERSION", "APP VERSION", "DESCRIPTION"];
  await process.print(rows.length === 0 ? "No results found\n" : table([head, ...rows], width));
  return 0;
}

async function searchRepo(
  process: Process,
  words: readonly string[],
  all: boolean,
  width: number,
  version?: string,
): Promise<number> {
  // prettier-ignore
  const known = readRepositories(process) ?? [];
  if (known.length === 0) {
    await process.error("Error: no repositories configured\n");
    return 1;
  }
  const rows: string[][] = [];
  for (const { name } of known) {
    const entries = readIndex(process, name);
    if (!entries) {
      await process.error(`WARNING: Repo ${JSON.stringify(name)} is corrupt or missing. Try 'helm repo update'.\n`);
      continue;
    }
    const seen = new Set<string>();
    for (const entry of entries) {
      const full = `${name}/${entry.name}`;
      const text = `${full} ${entry.description}`.toLowerCase();
      if (!words.every((word) => text.includes(word.toLowerCase()))) continue;
      if (version !== undefined && entry.version !== version) continue;
      if (seen.has(full) && !all) continue;
      seen.add(full);
      rows.push([full, entry.version, entry.appVersion, entry.description]);
    }
  }
  const head = ["NAME", "CHART VERSION", "APP VERSION", "DESCRIPTION"];
  await process.print(rows.length === 0 ? "No results found\n" : table([head, ...rows], width));
  return 0;
}
