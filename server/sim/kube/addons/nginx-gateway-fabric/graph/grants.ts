import { API, type ReferenceGrant } from "../kinds.ts";

interface From {
  readonly kind: "Gateway" | "HTTPRoute";
  readonly namespace: string;
}

interface To {
  readonly kind: "Secret" | "Service";
  readonly namespace: string;
  readonly name: string;
}

/** Whether a ReferenceGrant in the target's namespace lets somebody of another refer to it (reference_grant.go). */
export function mayRefer(grants: readonly ReferenceGrant[], from: From, to: To): boolean {
  return grants.some(
    ({ metadata, spec }) =>
      metadata.namespace === to.namespace &&
      spec.from.some((one) => one.group === API && one.kind === from.kind && one.namespace === from.namespace) &&
      spec.to.some(
        (one) =>
          (one.group === "" || one.group === "core") &&
          one.kind === to.kind &&
          (one.name === undefined || one.name === "" || one.name === to.name),
      ),
  );
}
