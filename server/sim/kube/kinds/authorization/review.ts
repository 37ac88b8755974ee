import {
  go,
  invalid,
  type FieldErrors,
  type JsonObject,
  type Kind,
  type KindContext,
  type ObjectMeta,
} from "../../api/index.ts";

/** The question of a review. */
export interface ReviewBody<Spec> {
  readonly metadata: Partial<ObjectMeta>;
  readonly spec: Spec;
}

/** A kind that is asked by POST and answered in its status; nothing is stored. */
export function review<Spec>(
  group: string,
  kind: string,
  namespaced: boolean,
  status: (body: ReviewBody<Spec>, context: KindContext) => JsonObject,
): Kind {
  return {
    group,
    version: "v1",
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    namespaced,
    verbs: ["create"],
    columns: [{ name: "Name", format: "name" }],
    cells: () => [""],
    nameRule: () => [],
    answer: (body, context) => ({
      ...body,
      metadata: { creationTimestamp: null, ...(body["metadata"] as JsonObject | undefined) },
      status: status(body as unknown as ReviewBody<Spec>, context),
    }),
  };
}

/** Reviews have no metadata but the namespace of their request. */
export function mustBeBare({ metadata }: ReviewBody<unknown>): FieldErrors {
  const given = Object.entries(metadata).filter(
    ([key, value]) => key !== "namespace" && key !== "managedFields" && value !== null && value !== "",
  );
  return given.length > 0 ? [invalid("metadata", go("v1.ObjectMeta{…}"), "must be empty")] : [];
}
