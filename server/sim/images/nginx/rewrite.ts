import type { Condition } from "./condition.ts";
import type { Step } from "./config.ts";
import { renewReply, type Exchange } from "./exchange.ts";
import { luaFile } from "./lua.ts";
import { evaluate, variable } from "./variables.ts";
import type { Pattern } from "./pattern.ts";
import { setContentType } from "./content-type.ts";

/** What a phase decided: a status to end with, a reply that is ready, or nothing. */
export type Decision = { readonly status: number } | "sent" | undefined;

export interface Rewritten {
  readonly decision: Decision;
  /** The URI is another one: its location has to be found anew. */
  readonly moved: boolean;
}

/** Runs a block's directives of the rewrite module (ngx_http_rewrite_handler). */
export function rewrite(exchange: Exchange, steps: readonly Step[], inServer: boolean): Rewritten {
  const state = { moved: false };
  const decision = runSteps(exchange, steps, inServer, state);
  return { decision: decision === "stop" ? undefined : decision, moved: state.moved };
}

function runSteps(
  exchange: Exchange,
  steps: readonly Step[],
  inServer: boolean,
  state: { moved: boolean },
): Decision | "stop" {
  for (const step of steps) {
    let decision: Decision | "stop";
    switch (step.do) {
      case "break":
        state.moved = false;
        return "stop";
      case "set": {
        const value = evaluate(exchange, step.value);
        if (step.variable === "args") exchange.args = value;
        else exchange.variables.set(step.variable, value);
        break;
      }
      case "set by lua":
        exchange.variables.set(step.variable, luaFile(step.path)?.value?.(exchange) ?? "");
        break;
      case "set escaped":
        exchange.variables.set(step.variable, encodeURIComponent(evaluate(exchange, step.value)));
        break;
      case "return":
        return respond(exchange, step);
      case "if":
        if (!holds(exchange, step.condition)) break;
        if (!inServer) exchange.place = step.inside;
        decision = runSteps(exchange, step.inside.steps, inServer, state);
        if (decision !== undefined) return decision;
        break;
      case "rewrite":
        decision = rewriteOnce(exchange, step, state);
        if (decision !== undefined) return decision;
        break;
    }
  }
  return undefined;
}

function rewriteOnce(
  exchange: Exchange,
  step: Extract<Step, { do: "rewrite" }>,
  state: { moved: boolean },
): Decision | "stop" {
  if (!capture(exchange, step.pattern, exchange.uri)) return undefined;
  const text = evaluate(exchange, step.to);
  const mark = text.indexOf("?");
  if (step.flag === "redirect" || step.flag === "permanent") {
    const args = step.dropArgs || exchange.args === "" ? "" : `${mark < 0 ? "?" : "&"}${exchange.args}`;
    exchange.reply.location = text + args;
    return { status: step.flag === "permanent" ? 301 : 302 };
  }
  const uri = mark < 0 ? text : text.slice(0, mark);
  const own = mark < 0 ? "" : text.slice(mark + 1);
  if (uri === "") {
    exchange.error("the rewritten URI has a zero length");
    return { status: 500 };
  }
  if (mark >= 0) exchange.args = step.dropArgs || exchange.args === "" ? own : `${own}&${exchange.args}`;
  else if (step.dropArgs) exchange.args = "";
  exchange.uri = uri;
  exchange.rewritten = true;
  state.moved = step.flag !== "break";
  return step.flag === undefined ? undefined : "stop";
}

/** Matches and keeps the captures, also the named ones. */
export function capture(exchange: Exchange, pattern: Pattern, text: string): boolean {
  const captures = pattern.match(text);
  if (!captures) return false;
  keepCaptures(exchange, pattern, captures);
  return true;
}

export function keepCaptures(exchange: Exchange, pattern: Pattern, captures: readonly (string | undefined)[]): void {
  exchange.captures = captures;
  for (const [name, group] of pattern.names) exchange.variables.set(name, captures[group] ?? "");
}

/** `return` (ngx_http_script_return_code, ngx_http_send_response). */
function respond(exchange: Exchange, { code, text }: Extract<Step, { do: "return" }>): Decision {
  if (code === 444 || (text === undefined && code >= 400)) return { status: code };
  const value = text === undefined ? "" : evaluate(exchange, text);
  if ([301, 302, 303, 307, 308].includes(code)) {
    exchange.reply.location = value;
    return { status: code };
  }
  renewReply(exchange, { status: code, body: value, length: value.length });
  setContentType(exchange);
  return "sent";
}

function holds(exchange: Exchange, condition: Condition): boolean {
  switch (condition.test) {
    case "set": {
      const value = variable(exchange, condition.variable) ?? "";
      return value !== "" && value !== "0";
    }
    case "equal": {
      const equal = (variable(exchange, condition.variable) ?? "") === evaluate(exchange, condition.value);
      return equal !== condition.not;
    }
    case "match":
      return capture(exchange, condition.pattern, variable(exchange, condition.variable) ?? "") !== condition.not;
    case "file":
      return testFile(exchange, evaluate(exchange, condition.path), condition.type) !== condition.not;
  }
}

function testFile({ connection }: Exchange, path: string, type: "f" | "d" | "e" | "x"): boolean {
  const { files } = connection.self.host;
  const { caller } = connection.worker;
  if (!files.exists(path, caller)) return false;
  if (type === "e") return true;
  const stat = files.stat(path, caller);
  if (type === "d") return stat.type === "dir";
  return stat.type === "file" && (type === "f" || files.access(path, 1, caller));
}
