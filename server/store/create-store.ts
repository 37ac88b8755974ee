import type { Kysely } from "kysely";
import { attemptRecords } from "./attempt-records.ts";
import { reviewRecords } from "./review-records.ts";
import { sessionRecords } from "./session-records.ts";
import type { ReviewStore } from "./review-store.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";
import { workRecords } from "./work-records.ts";

/** The store over an open database of the newest schema. */
export function createStore(db: Kysely<Tables>, close: () => Promise<void>): Store & ReviewStore {
  return { ...attemptRecords(db), ...workRecords(db), ...sessionRecords(db), ...reviewRecords(db), close };
}
