import type { Kysely } from "kysely";
import { accountRecords } from "./account-records.ts";
import type { AccountStore } from "./account-store.ts";
import { attemptRecords } from "./attempt-records.ts";
import { classRecords } from "./class-records.ts";
import type { ClassStore } from "./class-store.ts";
import { reviewRecords } from "./review-records.ts";
import type { ReviewStore } from "./review-store.ts";
import { sessionRecords } from "./session-records.ts";
import { finalWorldRecords } from "./final-world-records.ts";
import { managementRecords } from "./management-records.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";
import { workRecords } from "./work-records.ts";

/** All that a database keeps: attempts, who makes them, and what reviewers say. */
export interface OpenStore extends Store, ReviewStore {
  readonly people: AccountStore;
  readonly classes: ClassStore;
}

/** The store over an open database of the newest schema. */
export function createStore(db: Kysely<Tables>, close: () => Promise<void>): OpenStore {
  return {
    ...attemptRecords(db),
    ...workRecords(db),
    ...managementRecords(db),
    ...finalWorldRecords(db),
    ...sessionRecords(db),
    ...reviewRecords(db),
    people: accountRecords(db),
    classes: classRecords(db),
    close,
  };
}
