import type { Status } from "../../../sim/kube/api/index.ts";
import { quote } from "../output/golang/quote.ts";

/**
 * An error on its way to the one place where it is reported: Go's `error` values as kubectl hands them up. Thrown for what a
 * server or the network refuses, and for what is found out only while a command runs.
 */
export class GoError extends Error {
  constructor(message: string) {
    // A value in Go: nobody reads its stack.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }

  /** What kubectl prints for it instead of `error: MESSAGE`, if it knows the kind of error (StandardErrorMessage). */
  get standard(): string | undefined {
    return undefined;
  }
}

/** The server refused, with a Status. */
export class StatusError extends GoError {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message ?? "");
    this.status = status;
  }

  get reason(): string {
    return this.status.reason ?? "";
  }

  override get standard(): string {
    const { reason } = this;
    if (reason === "Unauthorized") return `error: You must be logged in to the server (${this.message})`;
    return reason === "" ? `Error from server: ${this.message}` : `Error from server (${reason}): ${this.message}`;
  }

  /** The same refusal with other words. */
  withMessage(message: string): StatusError {
    return new StatusError({ ...this.status, message });
  }
}

/** No answer came: Go's url.Error. `cause` is `dial tcp 172.30.1.2:6443: connect: connection refused`. */
export class ConnectionError extends GoError {
  /** `Get` */
  readonly method: string;
  readonly url: string;
  readonly why: string;

  constructor(method: string, url: string, why: string) {
    const called = `${method[0]!}${method.slice(1).toLowerCase()}`;
    super(`${called} ${quote(url)}: ${why}`);
    this.method = called;
    this.url = url;
    this.why = why;
  }

  override get standard(): string {
    if (!this.why.includes("connection refused")) return `Unable to connect to the server: ${this.why}`;
    const host = /^[a-z]+:\/\/([^/]+)/.exec(this.url)?.[1] ?? this.url;
    return `The connection to the server ${host} was refused - did you specify the right host or port?`;
  }
}

/** The server has no such type (meta.NoResourceMatchError). */
export class NoResourceMatch extends GoError {
  constructor(resource: string, group = "", version = "") {
    const behind = [
      group && ` in group ${quote(group)}`,
      version && ` ${group ? "and" : "in"} version ${quote(version)}`,
    ];
    super(`the server doesn't have a resource type ${quote(resource)}${behind.join("")}`);
  }

  override get standard(): string {
    return this.message;
  }
}

/** The server has no such kind (meta.NoKindMatchError). */
export class NoKindMatch extends GoError {
  constructor(group: string, version: string, kind: string) {
    super(
      version === ""
        ? `no matches for kind ${quote(kind)} in group ${quote(group)}`
        : `no matches for kind ${quote(kind)} in version ${quote(group === "" ? version : `${group}/${version}`)}`,
    );
  }
}

/** Several errors at once. */
export class Aggregate extends GoError {
  readonly errors: readonly GoError[];

  constructor(errors: readonly GoError[]) {
    const distinct = [...new Set(errors.map(({ message }) => message))];
    super(distinct.length === 1 ? distinct[0]! : `[${distinct.join(", ")}]`);
    this.errors = errors;
  }
}

/** Ends the command with an exit code; an empty message prints nothing. */
export class ExitError extends GoError {
  readonly code: number;

  constructor(code: number, message = "") {
    super(message);
    this.code = code;
  }
}

/** The kubeconfig makes no sense; its problems. A single one is reported like any error, unless it is `grave`. */
export class ConfigurationInvalid extends GoError {
  readonly problems: readonly string[];
  readonly grave: boolean;

  constructor(problems: readonly string[], grave = false) {
    super(problems.length === 1 ? problems[0]! : `invalid configuration: [${problems.join(", ")}]`);
    this.problems = problems;
    this.grave = grave || problems.length > 1;
  }
}

/** A part of the real kubectl that is not simulated. */
export class NotSimulated extends GoError {
  constructor(what: string) {
    super(`drydock: kubectl: ${what} is not simulated`);
  }
}

/** Several errors as one; nothing if there is none. */
export function aggregate(errors: readonly GoError[]): GoError | undefined {
  return errors.length > 1 ? new Aggregate(errors) : errors[0];
}

export function isReason(error: unknown, reason: string): error is StatusError {
  return error instanceof StatusError && error.reason === reason;
}
