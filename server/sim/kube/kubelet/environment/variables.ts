import { decode } from "../../../kernel/index.ts";
import type { ConfigMap, Container, Pod, Secret, Service } from "../../api/index.ts";
import { expand } from "./expansion.ts";
import { fieldValue, type FieldContext } from "./fields.ts";
import { resourceValue } from "./resources.ts";
import { linkedServices, serviceVariables } from "./service-links.ts";

/** What variables are made from. The getters throw `VariableError`s where an object is missing. */
export interface VariableContext extends FieldContext {
  readonly services: readonly Service[];
  readonly apiService: Service | undefined;
  readonly allocatable: Readonly<Record<string, string>>;
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
}

/** Why a container's environment cannot be made: its state CreateContainerConfigError says so. */
export class VariableError extends Error {}

type Variables = Map<string, string>;

/** The environment of a container in the order of its specification, Services last (kubelet_pods.go makeEnvironmentVariables). */
export function environmentOf(
  pod: Pod,
  container: Container,
  context: VariableContext,
): [name: string, value: string][] {
  const linked = linkedServices(context.services, context.apiService, pod.spec.enableServiceLinks ?? true);
  const services: Variables = new Map(serviceVariables(linked));
  const own: Variables = new Map();
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? wanted("configmap", configMapRef, (name) => context.configMap(name))?.data
      : secretRef && secretText(wanted("secret", secretRef, (name) => context.secret(name)));
    for (const [key, value] of Object.entries(data ?? {})) own.set(prefix + key, value);
  }
  const lookup = (name: string): string | undefined => own.get(name) ?? services.get(name);
  for (const variable of container.env ?? []) {
    const { name, value = "" } = variable;
    const found =
      value === "" && variable.valueFrom ? sourced(pod, container, variable, context) : expand(value, lookup);
    if (found !== undefined) own.set(name, found);
  }
  const rest = [...services].filter(([name]) => !own.has(name));
  return [...own, ...rest];
}

function sourced(
  pod: Pod,
  container: Container,
  { valueFrom }: NonNullable<Container["env"]>[number],
  context: VariableContext,
): string | undefined {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom!;
  if (fieldRef) return fieldValue(fieldRef, pod, context);
  if (resourceFieldRef) return resourceValue(resourceFieldRef, pod, container, context.allocatable);
  if (configMapKeyRef) {
    const object = wanted("configmap", configMapKeyRef, (name) => context.configMap(name));
    return keyOf(object?.data, object, configMapKeyRef, "ConfigMap", pod);
  }
  if (secretKeyRef) {
    const object = wanted("secret", secretKeyRef, (name) => context.secret(name));
    return keyOf(secretText(object), object, secretKeyRef, "Secret", pod);
  }
  return "";
}

function keyOf(
  data: Readonly<Record<string, string>> | undefined,
  object: object | undefined,
  { name = "", key, optional }: { readonly name?: string; readonly key: string; readonly optional?: boolean },
  kind: string,
  { metadata }: Pod,
): string | undefined {
  const value = data?.[key];
  if (value === undefined && object && !optional)
    throw new VariableError(`couldn't find key ${key} in ${kind} ${metadata.namespace ?? ""}/${name}`);
  return value;
}

function wanted<T>(
  kind: string,
  { name = "", optional }: { readonly name?: string; readonly optional?: boolean },
  get: (name: string) => T | undefined,
): T | undefined {
  const object = get(name);
  if (!object && !optional) throw new VariableError(`${kind} ${JSON.stringify(name)} not found`);
  return object;
}

function secretText(secret: Secret | undefined): Record<string, string> | undefined {
  if (!secret) return undefined;
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(
    entries.map(([key, value]) => [key, decode(Buffer.from(value, "base64").toString("latin1"))]),
  );
}
