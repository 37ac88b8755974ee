import { SessionError } from "../sessions/pool/index.ts";
import { StorageError } from "../store/store.ts";
import { UserError, type ErrorCode } from "./errors.ts";

const SESSION: Partial<Record<SessionError["code"], ErrorCode>> = {
  "unknown-lab": "unknown-lab",
  "bad-lab": "bad-lab",
  "too-many-terminals": "too-many-terminals",
};

/** What went wrong below, in words and with a code for those who asked. */
export function userError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (error instanceof StorageError) return storageError(error);
  if (error instanceof SessionError) return sessionError(error);
  return new UserError("internal", "Something went wrong in the server.", "It is in the server's log. Try again.", {
    cause: error,
  });
}

/** Runs it, and makes a UserError of whatever it throws. */
export async function asUser<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw userError(error);
  }
}

function storageError(cause: StorageError): UserError {
  const [code, why] = cause.full
    ? (["storage-full", "The server's disk is full"] as const)
    : (["storage-failed", "The server cannot read or write its database"] as const);
  const help =
    "What was saved before is safe, your cluster goes on. " +
    (cause.full ? "Make room on the server's disk, then try again." : "Try again; the reason is in the server's log.");
  return new UserError(code, `${why}: this was not saved.`, help, { cause });
}

function sessionError(cause: SessionError): UserError {
  const code = SESSION[cause.code] ?? "session-failed";
  const help =
    code === "session-failed" ? "Your answers and notes are safe, and so is what you typed. Try again." : undefined;
  return new UserError(code, cause.message, help, { cause });
}
