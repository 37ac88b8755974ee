import type { Environment } from "../../gnu/execute.ts";
import type { Flags } from "../cobra/flag.ts";
import type { ParsedFlags } from "../cobra/flag-set.ts";
import { GLOBAL_FLAGS, type GlobalFlags } from "./global-flags.ts";

/**
 * The flags of every command; one that a command has under the same name is not that of the client (`create rolebinding
 * --user`). Where nothing else is said, the cache is in the caller's home (cli-runtime getDefaultCacheDir).
 */
export function clientFlags(
  { flags }: { readonly flags?: Flags },
  { values, given }: ParsedFlags,
  { KUBECACHEDIR: cache = "", HOME: home = "" }: Environment,
): GlobalFlags {
  const own = Object.keys(flags ?? {}).filter((name) => Object.hasOwn(GLOBAL_FLAGS, name));
  const initial = own.map((name) => [name, (GLOBAL_FLAGS as Flags)[name]!.initial] as const);
  const folder = given.has("cache-dir")
    ? {}
    : { "cache-dir": cache || (home === "" ? ".kube/cache" : `${home}/.kube/cache`) };
  return { ...values, ...Object.fromEntries(initial), ...folder } as GlobalFlags;
}
