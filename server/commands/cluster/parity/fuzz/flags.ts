import type { Dice } from "./dice.ts";
import { NAMESPACES, output, quoted } from "./words.ts";

/** Values that a flag may be given, good and bad. */
export type Values = (dice: Dice) => string;
export const oneOf =
  (...values: readonly string[]): Values =>
  (dice) =>
    quoted(dice.pick(values));
export const NUMBER = oneOf("0", "1", "2", "3", "-1", "x", "1.5", "99999999999", "0x10", "", "1e3");
export const DURATION = oneOf("1s", "500ms", "0", "0s", "-1s", "1", "x", "", "1.5s");
export const BOOL = oneOf("true", "false", "maybe", "", "1", "T");
export const DRY: Values = oneOf("client", "server", "none", "server", "client", "true", "x", "");
export const IMAGE = oneOf("nginx", "nginx:1.27", "busybox:1.36", "", "Bad Image", "a/b/c:d@e", "UPPER:1");
export const PORT = oneOf("80", "443", "8080", "0", "70000", "-1", "http", "80:8080", "80/udp", "", "1-2");
export const PAIR = oneOf(
  "a=b",
  "c=d,e=f",
  "a",
  "a-",
  "=b",
  "app=web",
  "x y=z",
  "a=b=c",
  "a=",
  "",
  "a/b/c=d",
  "UP=1",
  "-a=b",
  "example.com/x=y",
  "tier-",
  "a=b c",
  "a=-b",
);
export const OUT: Values = output;
export const COMMON: Readonly<Record<string, Values>> = { "--dry-run": DRY, "-o": OUT };
export const PRINTED: Readonly<Record<string, Values>> = {
  ...COMMON,
  "--show-managed-fields": BOOL,
  "--template": oneOf("{{.kind}}", "{{", ""),
  "--allow-missing-template-keys": BOOL,
};

export function flags(dice: Dice, known: Readonly<Record<string, Values>>, chance = 25): string {
  const words = dice.some(chance, Object.entries(known)).map(([flag, values]) => {
    if (dice.chance(4)) return flag;
    const value = values(dice);
    return flag.startsWith("--") ? `${flag}=${value}` : `${flag} ${value}`;
  });
  if (dice.chance(12)) words.push(`-n ${quoted(dice.pick(NAMESPACES))}`);
  if (dice.chance(3))
    words.push(
      dice.pick([
        "--nope",
        "-z",
        "--namespace",
        "-A",
        "--all",
        "extra",
        "--",
        "--v=0",
        "--request-timeout=5s",
        "--context=nope",
        "--user=nope",
        "--as=jane",
        "--cluster=nope",
        "--request-timeout=x",
      ]),
    );
  return words.length > 0 ? ` ${words.join(" ")}` : "";
}
