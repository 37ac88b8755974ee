/**
 * How an nginx was built. A program file's version may name more than a release: `1.25.5+ingress-nginx` is nginx 1.25.5 with
 * the modules that ingress-nginx compiles in (images/nginx/rootfs/build.sh: lua-nginx, headers-more, set-misc, stream-lua).
 */
export interface Build {
  readonly version: string;
  readonly modules: ReadonlySet<string>;
}

const MODULES: Readonly<Record<string, readonly string[]>> = {
  "ingress-nginx": ["lua", "headers-more", "set-misc"],
  // nginx.org's package, its dynamic module njs beside it.
  ngf: ["njs", "stream"],
};

export function buildOf(text: string): Build {
  const [version, name] = text.split("+", 2) as [string, string?];
  return { version, modules: new Set(name === undefined ? [] : MODULES[name]) };
}
