import type { Command } from "../cobra/command.ts";
import { NotSimulated } from "../errors/go-error.ts";

/** A command of the real kubectl that is not simulated: it says so, whatever it is given. */
export function notSimulated(name: string, summary: string): Command {
  return {
    use: name,
    summary,
    flags: {},
    complete: () => ({}),
    run: () => Promise.reject(new NotSimulated(`'${name}'`)),
  };
}
