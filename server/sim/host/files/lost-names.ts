import type { Kernel } from "../../kernel/index.ts";

/**
 * Counts names of directories and links that a world's file systems lost while somebody remembered a path through them: where
 * a path led holds as long as the count is the same. Runtime only.
 */
export interface LostNames {
  count: number;
}

const ofWorlds = new WeakMap<Kernel, LostNames>();

export function lostNames(kernel: Kernel): LostNames {
  let lost = ofWorlds.get(kernel);
  if (!lost) ofWorlds.set(kernel, (lost = { count: 0 }));
  return lost;
}
