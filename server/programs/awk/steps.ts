import type { Machine } from "./machine.ts";

/** What a running program waits for: the driver awaits it and hands its result back. */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

/** The values of a function's parameters and locals. */
export type Frame = unknown[];

type Run<T> = (machine: Machine, frame: Frame) => T;

/** Compiled code. Most of it runs at once; only what may wait (input, commands, loops) is made of steps. */
export type Code<T> =
  | { readonly waits: false; readonly run: Run<T> }
  | { readonly waits: true; readonly run: Run<Steps<T>> };

export function sync<T>(run: Run<T>): Code<T> {
  return { waits: false, run };
}

export function steps<T>(run: Run<Steps<T>>): Code<T> {
  return { waits: true, run };
}

/** Runs code within steps, whichever kind it is. */
export function* runCode<T>(code: Code<T>, machine: Machine, frame: Frame): Steps<T> {
  return code.waits ? yield* code.run(machine, frame) : code.run(machine, frame);
}

/** Evaluates parts from left to right and gives their values to an operation. */
export function lift<T, R>(
  parts: readonly Code<T>[],
  operation: (machine: Machine, values: T[], frame: Frame) => R,
): Code<R> {
  if (parts.some((part) => part.waits))
    return steps(function* (machine, frame) {
      const values: T[] = [];
      for (const part of parts) values.push(yield* runCode(part, machine, frame));
      return operation(machine, values, frame);
    });
  const runs = parts.map((part) => part.run as Run<T>);
  const [first, second] = runs;
  if (runs.length === 1) return sync((machine, frame) => operation(machine, [first!(machine, frame)], frame));
  if (runs.length === 2)
    return sync((machine, frame) => operation(machine, [first!(machine, frame), second!(machine, frame)], frame));
  return sync((machine, frame) => operation(machine, runs.map((run) => run(machine, frame)), frame)); // prettier-ignore
}

/** The same for an operation that waits itself. */
export function liftSteps<T, R>(
  parts: readonly Code<T>[],
  operation: (machine: Machine, values: T[], frame: Frame) => Steps<R>,
): Code<R> {
  // prettier-ignore
  return steps(function* (machine, frame) {
    const values: T[] = [];
    for (const part of parts) values.push(yield* runCode(part, machine, frame));
    return yield* operation(machine, values, frame);
  });
}

/** Awaits a promise within steps. */
export function* wait<T>(promise: T | Promise<T>): Steps<T> {
  return (promise instanceof Promise ? yield promise : promise) as T;
}

export async function drive<T>(running: Steps<T>): Promise<T> {
  let step = running.next();
  while (!step.done) {
    let value: unknown;
    try {
      value = await step.value;
    } catch (error) {
      step = running.throw(error);
      continue;
    }
    step = running.next(value);
  }
  return step.value;
}
