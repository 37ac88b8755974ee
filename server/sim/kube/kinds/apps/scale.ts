import {
  invalid,
  type Draft,
  type FieldErrors,
  type JsonObject,
  type KubeObject,
  type Scale,
  type ViewSubresource,
} from "../../api/index.ts";

/** An object that can be scaled. */
type Scalable = KubeObject & { readonly spec: { readonly replicas?: number } };

/** The subresource `scale` of a workload (autoscaling/v1): `status` gives what runs, and by which selector it is found. */
export function scale<T extends Scalable>(
  status: (object: T) => { readonly replicas: number; readonly selector: string },
): ViewSubresource<T> {
  return {
    type: "view",
    verbs: ["get", "patch", "update"],
    as: { group: "autoscaling", version: "v1", kind: "Scale" },
    replicasPath: ["spec", "replicas"],
    read(object) {
      const { name, namespace = "", uid, resourceVersion, creationTimestamp } = object.metadata;
      const { replicas, selector } = status(object);
      const spec: JsonObject = object.spec.replicas ? { replicas: object.spec.replicas } : {};
      const found: JsonObject = selector === "" ? { replicas } : { replicas, selector };
      return { metadata: { name, namespace, uid, resourceVersion, creationTimestamp }, spec, status: found };
    },
    write(draft, view) {
      (draft as Draft<Scalable>).spec.replicas = (view as unknown as Scale).spec.replicas ?? 0;
    },
    validate: validateScale,
  };
}

function validateScale(view: JsonObject): FieldErrors {
  const { replicas = 0 } = (view as unknown as Scale).spec;
  return replicas < 0 ? [invalid("spec.replicas", replicas, "must be greater than or equal to 0")] : [];
}
