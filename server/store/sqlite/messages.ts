/** What the main thread and the database's thread say to each other. Answers come in the order of the requests. */
export type ToDatabase =
  | { readonly kind: "query"; readonly sql: string; readonly parameters: readonly unknown[] }
  /** Undoes the open transaction, if there still is one. */
  | { readonly kind: "rollback" }
  | { readonly kind: "close" };

export type FromDatabase =
  /** `changes`: rows that were written; null for queries that only read. */
  | { readonly kind: "done"; readonly rows: readonly unknown[]; readonly changes: number | null }
  /** `full` is null if it was no failure of the storage, but of the query. */
  | { readonly kind: "failed"; readonly message: string; readonly full: boolean | null };
