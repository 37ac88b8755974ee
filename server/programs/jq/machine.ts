import { JqError } from "./errors.ts";
import type { JsonObject, Value } from "./value.ts";

/** Steps of loops without an output after which a program is taken to run for ever: it holds the thread meanwhile. */
const MOST_STEPS = 500_000;

export class TooManySteps extends Error {}

/** What a jq program sees besides its input. */
export class Machine {
  /** `$ENV`. */
  readonly environment: JsonObject;
  /** `--arg` and the like, without `$`. */
  readonly variables: ReadonlyMap<string, Value>;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Messages of `debug` and `stderr`. */
  readonly say: (text: string) => void;
  /** Where `input` takes the next value; undefined at the end. */
  next: () => Value | undefined = () => undefined;
  fileName: string | undefined;
  line = 0;
  #steps = 0;

  constructor(options: {
    readonly environment: JsonObject;
    readonly variables: ReadonlyMap<string, Value>;
    readonly now: () => number;
    readonly say: (text: string) => void;
  }) {
    this.environment = options.environment;
    this.variables = options.variables;
    this.now = options.now;
    this.say = options.say;
  }

  input(): Value {
    const value = this.next();
    if (value === undefined) throw new JqError("break");
    return value;
  }

  /** Counts steps of a loop. */
  step(steps = 1): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new TooManySteps();
  }

  /** How many steps there were since the last call. */
  takeSteps(): number {
    const steps = this.#steps;
    this.#steps = 0;
    return steps;
  }
}
