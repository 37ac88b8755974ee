import type { Kysely } from "kysely";
import { attemptRecords } from "./attempt-records.ts";
import { sessionRecords } from "./session-records.ts";
import { managementRecords } from "./management-records.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";
import { workRecords } from "./work-records.ts";

/** The store over an open database of the newest schema. */
export function createStore(db: Kysely<Tables>, close: () => Promise<void>): Store {
  return { ...attemptRecords(db), ...workRecords(db), ...managementRecords(db), ...sessionRecords(db), close };
}
