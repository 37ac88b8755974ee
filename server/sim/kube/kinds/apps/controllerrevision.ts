import {
  age, AGE, goJson, IMMUTABLE, invalid, NAME, names, required, sameJson, type Column, type ControllerRevision, type FieldErrors,
  type Kind,
} from "../../api/index.ts"; // prettier-ignore
import { notNegative } from "../pod-template/probes.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Controller" }, { name: "Revision" }, AGE];

/** A state that a DaemonSet or a StatefulSet had, as the patch that brings it back. */
export const controllerRevisions: Kind<ControllerRevision> = {
  group: "apps",
  version: "v1",
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  singular: "controllerrevision",
  namespaced: true,
  columns: COLUMNS,
  cells: (revision, now) => [
    revision.metadata.name,
    controllerCell(revision),
    revision.revision,
    age(revision.metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),
  validate: validateRevision,
  validateUpdate: (next, old) => [
    ...validateRevision(next),
    ...(sameJson(next.data, old.data) ? [] : [invalid("data", goJson(next.data), IMMUTABLE)]),
  ],
};

/** `daemonset.apps/kube-proxy` (printers.FormatResourceName of the controller). */
function controllerCell({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (!owner) return "<none>";
  const slash = owner.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

function validateRevision({ data, revision }: ControllerRevision): FieldErrors {
  return [
    ...(data === null || data === undefined ? [required("data", "data is mandatory")] : []),
    ...notNegative(revision, "revision"),
  ];
}
