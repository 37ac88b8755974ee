import { CurlFailure } from "./failure.ts";
import type { CurlVersion } from "./version.ts";

/** `--proto`, `--proto-redir`: schemes, with `=`, `+` and `-` (proto2num). */
export function requireAllowed(scheme: string, list: string | undefined, version: CurlVersion): void {
  let allowed = true;
  for (const word of (list ?? "").split(",")) {
    const [, sign, name] = /^([=+-]*)(.*)$/.exec(word)!;
    const meant = name === "all" || name === scheme;
    if (sign!.includes("=")) allowed = meant;
    else if (meant) allowed = !sign!.includes("-");
  }
  if (!allowed)
    throw new CurlFailure(
      1,
      version.isAtLeast("8.6")
        ? `Protocol "${scheme}" disabled`
        : `Protocol "${scheme}" not supported or disabled in libcurl`,
    );
}
