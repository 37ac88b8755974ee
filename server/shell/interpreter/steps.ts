/**
 * A computation that may have to wait. It yields the promises that it waits for and goes on with their values; what
 * needs no waiting runs through without a turn of the event loop. So one body of code serves both a loop of builtins,
 * which must be quick, and commands that read, sleep and wait for children.
 */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

/** Waits for a value, if it is one that must be waited for. */
export function* wait<T>(value: T | Promise<T>): Steps<T> {
  return value instanceof Promise ? ((yield value) as T) : value;
}

/** Runs a computation to its end. */
export async function drive<T>(steps: Steps<T>): Promise<T> {
  let next = steps.next();
  while (!next.done) {
    let value: unknown;
    try {
      value = await next.value;
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(value);
  }
  return next.value;
}
