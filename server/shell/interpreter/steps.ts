/**
 * A computation that may have to wait. It yields the promises that it waits for and goes on with their values; what
 * needs no waiting runs through without a turn of the event loop. So one body of code serves both a loop of builtins,
 * which must be quick, and commands that read, sleep and wait for children.
 */
export type Steps<T> = Generator<Promise<unknown> | Nested, T, unknown>;

/** A part of a computation that `drive` runs on its own, so that recursion in a script does not use up the stack. */
export class Nested {
  readonly steps: Steps<unknown>;

  constructor(steps: Steps<unknown>) {
    this.steps = steps;
  }
}

/** Waits for a value, if it is one that must be waited for. */
export function* wait<T>(value: T | Promise<T>): Steps<T> {
  return value instanceof Promise ? ((yield value) as T) : value;
}

/** Runs steps as a part of their own. */
export function* nested<T>(steps: Steps<T>): Steps<T> {
  return (yield new Nested(steps)) as T;
}

/** Runs a computation to its end. */
export async function drive<T>(steps: Steps<T>): Promise<T> {
  const outer: Steps<unknown>[] = [];
  let current: Steps<unknown> = steps;
  let value: unknown;
  let failure: { readonly error: unknown } | undefined;
  for (;;) {
    try {
      const next: IteratorResult<Promise<unknown> | Nested, unknown> = failure
        ? current.throw(failure.error)
        : current.next(value);
      failure = undefined;
      if (next.done) {
        const above = outer.pop();
        if (!above) return next.value as T;
        current = above;
        value = next.value;
        continue;
      }
      if (next.value instanceof Nested) {
        outer.push(current);
        current = next.value.steps;
        value = undefined;
        continue;
      }
      value = next.value;
    } catch (error) {
      const above = outer.pop();
      if (!above) throw error;
      current = above;
      failure = { error };
      continue;
    }
    try {
      value = await value;
    } catch (error) {
      failure = { error };
    }
  }
}
