import type { ApiRequest } from "../../../sim/kube/api/index.ts";
import type { World } from "../../../sim/world/index.ts";
import type { StateTable } from "../../protocol/index.ts";
import { milliseconds } from "./commands.ts";

/** Who may read everything, whatever the learner has done to the roles. */
const READER = { name: "drydock:reviewer", groups: ["system:masters"] };

/** What `kubectl get RESOURCE -A` shows in a world now. */
export function stateOf(world: World, resource: string): StateTable {
  const at = milliseconds(world.now);
  const nothing = (note: string): StateTable => ({ at, columns: [], rows: [], note });
  const [cluster] = world.clusters.list();
  if (!cluster) return nothing("This lab has no cluster.");
  const dot = resource.indexOf(".");
  const [plural, group] = dot < 0 ? [resource, ""] : [resource.slice(0, dot), resource.slice(dot + 1)];
  const kind = cluster.api.registry.storedBy(group, plural);
  if (!kind) return nothing(`The cluster had no resource '${resource}' then.`);
  const request: ApiRequest = {
    verb: "list",
    group: kind.group,
    version: kind.version,
    resource: kind.plural,
    namespace: "",
    name: "",
    subresource: "",
    query: {},
    accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
    contentType: "",
    userAgent: "drydock",
    user: READER,
    body: undefined,
  };
  const answer = cluster.api.handle(request);
  if (answer.kind !== "object") return nothing("The API server did not answer.");
  if (answer.code >= 400) return nothing((answer.object as { message?: string }).message ?? "The API server refused.");
  const { columnDefinitions, rows } = answer.object as TableAnswer;
  const shown = (columnDefinitions ?? []).map(({ priority }) => priority === 0);
  const names = (columnDefinitions ?? []).map(({ name }) => name.toUpperCase()).filter((_, index) => shown[index]);
  return {
    at,
    columns: kind.namespaced ? ["NAMESPACE", ...names] : names,
    rows: rows.map(({ cells, object }) => {
      const texts = cells.filter((_, index) => shown[index]).map((cell) => (cell === null ? "" : String(cell)));
      return kind.namespaced ? [object.metadata.namespace ?? "", ...texts] : texts;
    }),
    note: cluster.row.apiServer ? null : "The API server did not run at this moment: this is what etcd held.",
  };
}

interface TableAnswer {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[] | null;
  readonly rows: readonly {
    readonly cells: readonly (string | number | boolean | null)[];
    readonly object: { readonly metadata: { readonly namespace?: string } };
  }[];
}
