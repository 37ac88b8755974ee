import type { Site } from "../site.ts";
import { debian, ubuntu } from "./debian.ts";
import { github, rawFiles, releaseAssets } from "./github.ts";
import { helmSites } from "./helm.ts";
import { kubernetesSites } from "./kubernetes.ts";
import { wellKnownSites } from "./well-known.ts";

/** Every site that there is. Adding one is one entry here or in the lists. */
export const SITES: readonly Site[] = [
  ...wellKnownSites,
  ...kubernetesSites,
  ...helmSites,
  debian,
  ubuntu,
  github,
  releaseAssets,
  rawFiles,
];

/** Sites by the names that lead to them. */
export const SITE_OF: ReadonlyMap<string, Site> = new Map(
  SITES.flatMap((site) => site.names.map((name) => [name, site] as const)),
);

/** The first site at each address: who answers there when no name was said. */
export const SITE_AT: ReadonlyMap<string, Site> = new Map(SITES.toReversed().map((site) => [site.address, site]));
