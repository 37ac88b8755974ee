import type { Arguments, OptionKind } from "./arguments.ts";
import { UsageError } from "./usage.ts";

/** Which world a command works in (CONTRACT.md, "Which world"). */
export interface WorldChoice {
  readonly lab?: string;
  /** A preset of clusters; `kubeadm` unless a lab says otherwise. */
  readonly cluster?: string;
  /** A recorded world. */
  readonly world?: string;
  /** The host that the terminal starts on; by default the lab's, else `controlplane`. */
  readonly on?: string;
  readonly seed: number;
}

export const WORLD_OPTIONS = {
  "--lab": "value",
  "--cluster": "value",
  "--world": "value",
  "--on": "value",
  "--seed": "value",
} as const satisfies Record<string, OptionKind>;

export function worldChoice(args: Arguments): WorldChoice {
  const named = ["--lab", "--cluster", "--world"].filter((name) => args.has(name));
  if (named.length > 1) throw new UsageError(`${named.join(" and ")} exclude each other`);
  const seed = args.number("--seed", 1);
  if (!Number.isInteger(seed)) throw new UsageError("option '--seed' takes a whole number");
  const pick = (name: string, key: keyof WorldChoice): Partial<WorldChoice> =>
    args.has(name) ? { [key]: args.value(name)! } : {};
  return {
    ...pick("--lab", "lab"),
    ...pick("--cluster", "cluster"),
    ...pick("--world", "world"),
    ...pick("--on", "on"),
    seed,
  };
}
