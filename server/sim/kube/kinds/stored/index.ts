import type { AnyKind } from "../../api/index.ts";
import { componentStatuses, podTemplates } from "./core.ts";
import { flowSchemas, priorityLevelConfigurations } from "./flowcontrol.ts";
import { runtimeClasses } from "./node.ts";
import { csiDrivers, csiNodes, csiStorageCapacities, volumeAttachments } from "./storage.ts";

/** The kinds that are served, validated by their schema and printed, and have no effect here: their notes say so. */
export const STORED_KINDS: readonly AnyKind[] = [
  componentStatuses,
  podTemplates,
  flowSchemas,
  priorityLevelConfigurations,
  runtimeClasses,
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  volumeAttachments,
];
