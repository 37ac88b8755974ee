import type { Container, Pod } from "../../../sim/kube/api/index.ts";
import type { Description } from "./description.ts";
import { quantityText } from "./quantity.ts";

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly apiVersion?: string; readonly fieldPath: string };
    readonly resourceFieldRef?: {
      readonly containerName?: string;
      readonly resource: string;
      readonly divisor?: string;
    };
    readonly secretKeyRef?: { readonly name?: string; readonly key: string; readonly optional?: boolean };
    readonly configMapKeyRef?: { readonly name?: string; readonly key: string; readonly optional?: boolean };
  };
}

interface Source {
  readonly prefix?: string;
  readonly configMapRef?: { readonly name?: string; readonly optional?: boolean };
  readonly secretRef?: { readonly name?: string; readonly optional?: boolean };
}

export function writeEnvironmentSources(out: Description, { envFrom = [] }: Container): void {
  out.line(2, `Environment Variables from:`);
  for (const { prefix = "", configMapRef, secretRef } of envFrom as readonly Source[]) {
    const [name, from, optional] = configMapRef
      ? [configMapRef.name ?? "", "ConfigMap", configMapRef.optional === true]
      : [secretRef?.name ?? "", "Secret", secretRef?.optional === true];
    const behind = prefix === "" ? "" : ` with prefix '${prefix}'`;
    out.line(3, `${name}\t${from}${behind}\tOptional: ${String(optional)}`);
  }
}

export function writeEnvironment(out: Description, container: Container, pod: Pod | undefined): void {
  const env = (container.env ?? []) as readonly Variable[];
  out.line(2, `Environment:${env.length === 0 ? "\t<none>" : ""}`);
  for (const { name, value, valueFrom } of env) {
    if (!valueFrom) {
      const lines = (value ?? "").split("\n");
      lines.forEach((line, at) => out.line(3, at === 0 ? `${name}:\t${line}` : `\t${line}`));
      continue;
    }
    const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
    if (fieldRef) {
      const shown = pod ? fieldOf(pod, fieldRef.fieldPath) : "";
      out.line(3, `${name}:\t${shown} (${fieldRef.apiVersion ?? ""}:${fieldRef.fieldPath})`);
    } else if (resourceFieldRef) {
      const shown = limitOf(container, resourceFieldRef);
      const { resource } = resourceFieldRef;
      // A limit that the node decides has no value here.
      out.line(3, `${name}:\t${shown} (${resource})`);
    } else if (secretKeyRef)
      out.line(
        3,
        `${name}:\t<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name ?? ""}'>\tOptional: ${String(secretKeyRef.optional === true)}`,
      );
    else if (configMapKeyRef)
      out.line(
        3,
        `${name}:\t<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name ?? ""}'>\tOptional: ${String(configMapKeyRef.optional === true)}`,
      );
  }
}

/**
 * A field of the pod that an environment variable may show. The real one asks an empty scheme how the field is called, which knows
 * two of them (kubectl/pkg/describe EnvValueRetriever).
 */
function fieldOf({ metadata }: Pod, path: string): string {
  if (path === "metadata.name") return metadata.name;
  return path === "metadata.namespace" ? (metadata.namespace ?? "") : "";
}

function limitOf(
  { resources }: Container,
  { resource, divisor }: { readonly resource: string; readonly divisor?: string },
): string {
  const [part = "", ...name] = resource.split(".");
  const list = (resources as Record<string, Record<string, string>> | undefined)?.[part];
  const quantity = list?.[name.join(".")];
  if (quantity === undefined) return part === "limits" ? "node allocatable" : "0";
  return quantityText(quantity, divisor);
}
