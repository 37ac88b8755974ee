import type { z } from "zod";
import { StorageError } from "./store.ts";

/** A JSON column's value. Throws StorageError if it is not what `schema` says. */
export function readJson<T>(schema: z.ZodType<T>, json: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new StorageError(`the database holds ${what} that is not JSON`, false, { cause: error });
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new StorageError(`the database holds ${what} of another form than this Drydock knows`, false, {
    cause: read.error,
  });
}
