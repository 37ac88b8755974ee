import {
  errors, parseLabelSelector, quote, type AnyKind, type Client, type HorizontalPodAutoscaler, type KubeObject, type Selector,
} from "../../api/index.ts"; // prettier-ignore

/** The scale of an autoscaler's target. */
export interface Target {
  readonly kind: AnyKind;
  readonly name: string;
  readonly replicas: number;
  readonly statusReplicas: number;
  /** As text, as the target gives it. */
  readonly selector: string;
  /** The scale with another number of replicas, as a PUT takes it. */
  scaledTo(replicas: number): KubeObject;
}

/** Reads the scale of what an autoscaler scales; why it cannot, in the server's words. */
export function targetOf(
  client: Client,
  { metadata, spec }: HorizontalPodAutoscaler,
): Target | { readonly error: string } {
  const { apiVersion = "", kind: name, name: object } = spec.scaleTargetRef;
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  const kind = client.server.registry.kinds.find((one) => one.kind === name && one.group === group && !one.storedAs);
  if (!kind) return { error: `no matches for kind ${quote(name)} in group ${quote(group)}` };
  const scale = kind.subresources?.["scale"];
  if (scale?.type !== "view") return { error: "the server could not find the requested resource" };
  const found = client.get(kind, metadata.namespace ?? "", object);
  if (!found) return { error: errors.notFound({ group, resource: `${kind.plural}/scale` }, object).message };
  const view = scale.read(found) as unknown as KubeObject & {
    readonly spec: { readonly replicas?: number };
    readonly status: { readonly replicas: number; readonly selector?: string };
  };
  return {
    kind,
    name: object,
    replicas: view.spec.replicas ?? 0,
    statusReplicas: view.status.replicas,
    selector: view.status.selector ?? "",
    scaledTo: (replicas) => ({ ...view, spec: { ...view.spec, replicas } }),
  };
}

export function parsedSelector(text: string): Selector | undefined {
  const parsed = parseLabelSelector(text);
  return typeof parsed === "object" && "error" in parsed ? undefined : parsed;
}
