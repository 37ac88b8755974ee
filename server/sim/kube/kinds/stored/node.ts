import { AGE, age, IMMUTABLE, invalid, NAME, names, type AnyKind } from "../../api/index.ts";
import { member, storedKind } from "./stored-kind.ts";

/** pkg/apis/node/validation */
export const runtimeClasses: AnyKind = storedKind({
  group: "node.k8s.io",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  note: "drydock: runc is the only handler that nodes have.",
  columns: [NAME, { name: "Handler" }, AGE],
  cells: (object, now) => [
    object.metadata.name,
    member<string>(object, "handler") ?? "",
    age(object.metadata.creationTimestamp, now),
  ],
  validate(object, old) {
    const handler = member<string>(object, "handler") ?? "";
    if (old && old["handler"] !== handler) return [invalid("handler", handler, IMMUTABLE)];
    return handler === "" ? [] : names.label(handler).map((message) => invalid("handler", handler, message));
  },
});
