import type { UserInfo } from "../../../api/index.ts";

/** A row of `--token-auth-file`, which is read once when the server starts. */
export interface StaticToken {
  readonly token: string;
  readonly user: UserInfo;
}

/**
 * Reads CSV rows `token,user,uid,"group1,group2"` (apiserver/pkg/authentication/token/tokenfile). Undefined words of an
 * error for a row with less than three columns.
 */
export function readTokenFile(text: string, path: string): readonly StaticToken[] | { readonly error: string } {
  const found = new Map<string, StaticToken>();
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const columns = csvColumns(line);
    if (columns.length < 3)
      return {
        error: `token file '${path}' must have at least 3 columns (token, user name, user uid), found ${columns.length}`,
      };
    const [token = "", name = "", uid = "", groups = ""] = columns;
    if (token === "" || found.has(token)) continue;
    const members = groups === "" ? [] : groups.split(",").map((group) => group.trim());
    const user = { name, ...(uid === "" ? {} : { uid }), groups: [...members, "system:authenticated"] };
    found.set(token, { token, user });
  }
  return [...found.values()];
}

function csvColumns(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? "").trim() : quoted.replaceAll('""', '"'),
  );
}
