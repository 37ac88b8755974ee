import { CelError, type Cel, type Evaluator, type Key } from "../../cel/index.ts";
import type { ValidatingAdmissionPolicy } from "../../types/admissionregistration.ts";
import { compiledIn, type Scope } from "../expressions.ts";

/** The `variables` of a policy: each is evaluated when it is first asked for (apiserver/pkg/admission/plugin/cel/composition.go). */
export class Variables extends Map<Key, Cel> {
  readonly #policy: ValidatingAdmissionPolicy;
  readonly #texts: ReadonlyMap<Key, string>;
  readonly #names: ReadonlySet<string>;
  readonly #evaluator: Evaluator;
  readonly #scope: Scope;

  constructor(
    policy: ValidatingAdmissionPolicy,
    variables: NonNullable<ValidatingAdmissionPolicy["spec"]["variables"]>,
    names: ReadonlySet<string>,
    evaluator: Evaluator,
    scope: Scope,
  ) {
    super();
    this.#policy = policy;
    this.#texts = new Map(variables.map(({ name, expression }) => [name, expression]));
    this.#names = names;
    this.#evaluator = evaluator;
    this.#scope = scope;
  }

  override has(name: Key): boolean {
    return this.#texts.has(name);
  }

  override get(name: Key): Cel | undefined {
    const known = super.get(name);
    const text = this.#texts.get(name);
    if (known !== undefined || text === undefined) return known;
    const program = compiledIn(this.#policy, text, this.#names, "any");
    const shown = JSON.stringify(name);
    if ("error" in program) throw new CelError(`composited variable ${shown} fails to compile: ${program.error}`);
    try {
      const value = this.#evaluator.evaluate(program.expression, this.#scope);
      super.set(name, value);
      return value;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      throw new CelError(`composited variable ${shown} fails to evaluate: ${error.message}`, { cause: error });
    }
  }
}
