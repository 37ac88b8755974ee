import type { Daemon, Program, ProgramRegistry } from "../sim/host/index.ts";

/** All programs by the name in their stub, loaded when first used. Adding one is one folder or file and one line here. */
const PROGRAMS: Readonly<Record<string, () => Promise<Program>>> = {};

/** The registry of a world: these programs, and the daemons that the simulated parts bring along. */
export function createRegistry(daemons: readonly Daemon[]): ProgramRegistry {
  const loaded = new Map<string, Program | Daemon | Promise<Program>>(daemons.map((daemon) => [daemon.name, daemon]));
  return {
    find(name) {
      const found = loaded.get(name);
      if (found || !Object.hasOwn(PROGRAMS, name)) return found;
      const loading = PROGRAMS[name]!().then((program) => {
        loaded.set(name, program);
        return program;
      });
      loaded.set(name, loading);
      return loading;
    },
  };
}
