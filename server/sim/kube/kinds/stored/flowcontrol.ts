import { AGE, age, NAME, type AnyKind, type Cell, type JsonObject } from "../../api/index.ts";
import { defaultFlows, defaultLevels, makeAgain, revert } from "./flowcontrol-defaults.ts";
import { member, storedKind, type Stored } from "./stored-kind.ts";

const GROUP = "flowcontrol.apiserver.k8s.io";
const NOTE = "drydock: requests are not queued: all are served at once, whatever the flow schemas say.";

export const flowSchemas: AnyKind = storedKind({
  group: GROUP,
  kind: "FlowSchema",
  plural: "flowschemas",
  note: NOTE,
  computed: defaultFlows,
  afterDelete: makeAgain(defaultFlows),
  afterStore: revert(defaultFlows),
  status: true,
  generation: true,
  columns: [
    NAME,
    { name: "PriorityLevel" },
    { name: "MatchingPrecedence" },
    { name: "DistinguisherMethod" },
    AGE,
    { name: "MissingPL" },
  ],
  cells: (object, now) => [
    object.metadata.name,
    member<string>(object, "spec", "priorityLevelConfiguration", "name") ?? "",
    String(member<number>(object, "spec", "matchingPrecedence") ?? 0),
    member<string>(object, "spec", "distinguisherMethod", "type") ?? "<none>",
    age(object.metadata.creationTimestamp, now),
    member<{ type: string; status: string }[]>(object, "status", "conditions")
      ?.filter(({ type }) => type === "Dangling")
      .map(({ status }) => status)
      .join() || "?",
  ],
  defaults(draft) {
    const spec = draft.spec as JsonObject;
    if (!spec["matchingPrecedence"]) spec["matchingPrecedence"] = 1_000;
  },
});

export const priorityLevelConfigurations: AnyKind = storedKind({
  group: GROUP,
  kind: "PriorityLevelConfiguration",
  plural: "prioritylevelconfigurations",
  note: NOTE,
  computed: defaultLevels,
  afterDelete: makeAgain(defaultLevels),
  afterStore: revert(defaultLevels),
  status: true,
  generation: true,
  columns: [
    NAME,
    { name: "Type" },
    { name: "NominalConcurrencyShares" },
    { name: "Queues" },
    { name: "HandSize" },
    { name: "QueueLengthLimit" },
    AGE,
  ],
  cells: (object, now) => [
    object.metadata.name,
    member<string>(object, "spec", "type") ?? "",
    sharesOf(object),
    ...["queues", "handSize", "queueLengthLimit"].map((field): Cell => {
      const value = member<number>(object, "spec", "limited", "limitResponse", "queuing", field);
      return value === undefined ? "<none>" : value;
    }),
    age(object.metadata.creationTimestamp, now),
  ],
  defaults(draft) {
    const spec = draft.spec as JsonObject;
    const limited = member<JsonObject>(spec, "limited");
    if (limited) {
      limited["nominalConcurrencyShares"] ??= 30;
      limited["lendablePercent"] ??= 0;
      const queuing = member<JsonObject>(limited, "limitResponse", "queuing");
      if (queuing) {
        queuing["queues"] ||= 64;
        queuing["handSize"] ||= 8;
        queuing["queueLengthLimit"] ||= 50;
      }
    }
    const exempt = spec["type"] === "Exempt" ? ((spec["exempt"] ??= {}) as JsonObject) : undefined;
    if (exempt) {
      exempt["nominalConcurrencyShares"] ??= 0;
      exempt["lendablePercent"] ??= 0;
    }
  },
});

function sharesOf(object: Stored): Cell {
  return member<number>(object, "spec", "limited", "nominalConcurrencyShares") ?? "<none>";
}
