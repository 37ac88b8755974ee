import {
  errors, NAME, names, type AnyKind, type JsonObject, type Kind, type KindContext, type KubeObject, type Pod,
} from "../../api/index.ts"; // prettier-ignore
import { binding } from "./pod/actions.ts";

/** `POST …/bindings`: the same as the Pod's own subresource, by the name in the body (LegacyBindingREST). */
export const bindings: Kind = {
  group: "",
  version: "v1",
  kind: "Binding",
  plural: "bindings",
  singular: "binding",
  namespaced: true,
  verbs: ["create"],
  columns: [NAME],
  cells: ({ metadata }) => [metadata.name],
  nameRule: names.forNames(names.subdomain),
  answer: (body, context) => bind(body, context),
};

function bind(body: JsonObject, context: KindContext): JsonObject {
  const { name = "" } = (body["metadata"] ?? {}) as { name?: string };
  if (name === "") throw errors.badRequest("name is required");
  const pods: AnyKind = context.find("", "pods")!;
  const pod: KubeObject | undefined = context.store.get(pods, context.request.namespace, name);
  if (!pod) throw errors.notFound({ group: "", resource: "pods" }, name);
  const result = binding.run(pod as Pod, body, context);
  return { ...result, code: 201 } as unknown as JsonObject;
}
