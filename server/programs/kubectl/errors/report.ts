import type { StatusCause } from "../../../sim/kube/api/index.ts";
import type { GoError } from "./go-error.ts";
import { Aggregate, ConfigurationInvalid, ExitError, NotSimulated, StatusError } from "./go-error.ts";

/** What a command that failed prints on standard error, and its exit code (kubectl pkg/cmd/util/helpers.go checkErr). */
export interface Report {
  readonly text: string;
  readonly code: number;
}

export function report(error: GoError): Report {
  // Of errors within errors, one layer is taken off.
  return reported(error instanceof Aggregate && error.errors.length === 1 ? error.errors[0]! : error);
}

function reported(error: GoError): Report {
  if (error instanceof ExitError) return { text: line(error.message), code: error.code };
  if (error instanceof NotSimulated) return { text: line(error.message), code: 64 };
  return { text: line(words(error)), code: 1 };
}

/** An error as one of several, or in the middle of a sentence: without `error: ` unless it is part of it. */
export function messageFor(error: GoError): string {
  return error.standard ?? error.message;
}

function words(error: GoError): string {
  if (error instanceof StatusError && error.reason === "Invalid") return invalid(error);
  if (error instanceof ConfigurationInvalid && error.grave)
    return multiline("Error in configuration: ", error.problems);
  if (error instanceof Aggregate) return error.errors.map((one) => `${messageFor(one)}\n`).join("");
  if (error.standard !== undefined) return error.standard;
  return error.message.startsWith("error: ") ? error.message : `error: ${error.message}`;
}

function invalid({ status }: StatusError): string {
  const { details, message = "" } = status;
  if (!details) return message === "" ? "The request is invalid" : `The request is invalid: ${message}`;
  const { kind = "", name = "", causes = [] } = details;
  if (kind === "" && name === "" && causes.length === 0 && message !== "") return `The request is invalid: ${message}`;
  const head = kind === "" && name === "" ? "The request is invalid" : `The ${kind} ${JSON.stringify(name)} is invalid`;
  return causes.length === 0 ? head : multiline(`${head}: `, distinct(causes));
}

function distinct(causes: readonly StatusCause[]): string[] {
  return [...new Set(causes.map(({ field = "", message = "" }) => `${field}: ${message}`))];
}

function multiline(prefix: string, messages: readonly string[]): string {
  if (messages.length === 1) return `${prefix}${messages[0]!}\n`;
  return `${prefix}\n${messages.map((message) => `* ${message}\n`).join("")}`;
}

function line(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
