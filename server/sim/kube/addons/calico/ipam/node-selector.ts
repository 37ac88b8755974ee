/**
 * Whether a pool's nodeSelector chooses a node (libcalico-go lib/selector): `all()`, `has(l)`, `!has(l)`, `l == 'v'`,
 * `l != 'v'`, `l in {'a', 'b'}`, `l not in {…}`, joined by `&&` and `||`.
 */
export function selectsNode(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return selector
    .split("||")
    .some((alternative) =>
      alternative.split("&&").every((term) => holds(term.trim().replace(/^\((.*)\)$/, "$1"), labels)),
    );
}

function holds(term: string, labels: Readonly<Record<string, string>>): boolean {
  if (term === "" || term === "all()") return true;
  const has = /^(!?)\s*has\(\s*([^)\s]+)\s*\)$/.exec(term);
  if (has) return (labels[has[2]!] !== undefined) !== (has[1] === "!");
  const equal = /^(\S+?)\s*(==|!=)\s*(?:'([^']*)'|"([^"]*)")$/.exec(term);
  if (equal) return (labels[equal[1]!] === (equal[3] ?? equal[4])) === (equal[2] === "==");
  const among = /^(\S+)\s+(not\s+)?in\s+\{([^}]*)\}$/.exec(term);
  if (!among) return false;
  const values = among[3]!.split(",").map((word) => word.trim().replaceAll(/^['"]|['"]$/g, ""));
  const value = labels[among[1]!];
  return (value !== undefined && values.includes(value)) !== (among[2] !== undefined);
}
