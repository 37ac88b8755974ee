import type { Process } from "../../../sim/host/index.ts";
import type { Ports } from "../ports.ts";
import type { Helm } from "./helm.ts";
import { Loader } from "./loader.ts";
import type { ResMap } from "./resmap.ts";
import { Target } from "./target.ts";
import { addTexts } from "./transform/labels.ts";
import { sortResources } from "./transform/sort-order.ts";

export interface BuildOptions {
  readonly process: Process;
  readonly ports: Ports;
  /** `--load-restrictor=LoadRestrictionsNone` */
  readonly anywhere?: boolean;
  readonly helm?: Helm;
  /** `--enable-alpha-plugins` */
  readonly plugins?: boolean;
  /** `--reorder`; unset means as the kustomization says, or else legacy. */
  readonly reorder?: string;
}

const NO_HELM: Helm = { enabled: false, command: "helm" };

/** Builds a folder as `kustomize build` does (api/krusty/kustomizer.go). Throws a GoError. */
export async function buildKustomization(folder: string, options: BuildOptions): Promise<ResMap> {
  const { process, ports, anywhere = false, helm = NO_HELM, plugins = false, reorder } = options;
  const loader = await Loader.open({ process, ports, anywhere }, folder);
  const target = await Target.load(loader, { process, helm, plugins, warn: (text) => process.error(text) });
  const map = await target.build();
  const { sortOptions, buildMetadata = [] } = target.kustomization;
  if (sortOptions) {
    const { orderFirst = [], orderLast = [] } = sortOptions.legacySortOptions ?? {};
    sortResources(map, {
      order: sortOptions.order ?? "",
      legacySortOptions: sortOptions.legacySortOptions && { orderFirst, orderLast },
    });
  } else if (reorder !== "none") sortResources(map, { order: "legacy", legacySortOptions: undefined });
  if (buildMetadata.includes("managedByLabel")) {
    const spec = { group: "", version: "", kind: "", path: "metadata/labels", create: true };
    addTexts(map.list, { "app.kubernetes.io/managed-by": "kustomize-(devel)" }, [spec]);
  }
  map.removeNotes({
    origins: buildMetadata.includes("originAnnotations"),
    transformations: buildMetadata.includes("transformerAnnotations"),
  });
  return map;
}
