import { createHash } from "node:crypto";
import { attempt, Errno } from "../../host/index.ts";
import { toUint8Array } from "../../kernel/index.ts";
import { parseCidr } from "./cidr.ts";
import { errnoText } from "./conf-source.ts";
import type { Exchange } from "./exchange.ts";
import type { Decision } from "./rewrite.ts";
import { evaluate } from "./variables.ts";

/** The access phase: addresses, then passwords; with `satisfy any` one of them is enough. */
export function checkAccess(exchange: Exchange): Decision {
  const any = exchange.scope.word("satisfy") === "any";
  const address = checkAddress(exchange);
  if (address === "allowed" && any) return undefined;
  if (address === "denied" && !any) {
    exchange.error("access forbidden by rule");
    return { status: 403 };
  }
  const password = checkPassword(exchange);
  if (password === "allowed" || (password === undefined && address !== "denied")) return undefined;
  if (password === undefined) {
    exchange.error("access forbidden by rule");
    return { status: 403 };
  }
  return password;
}

/** `allow` and `deny`: the first that fits decides. */
function checkAddress({ scope, connection }: Exchange): "allowed" | "denied" | undefined {
  const rules = scope.where("allow", "deny");
  if (!rules) return undefined;
  const { address } = connection.context.remote;
  for (const { name, args } of rules.node.children) {
    if (name !== "allow" && name !== "deny") continue;
    const [range] = args as [string];
    if (range === "all" || rules.cached(`range ${range}`, () => parseCidr(range))?.contains(address))
      return name === "allow" ? "allowed" : "denied";
  }
  return undefined;
}

/** auth_basic (ngx_http_auth_basic_module.c) */
function checkPassword(exchange: Exchange): "allowed" | { status: number } | undefined {
  const { scope, connection } = exchange;
  const realmText = scope.word("auth_basic");
  const fileText = scope.word("auth_basic_user_file");
  if (realmText === undefined || fileText === undefined) return undefined;
  const realm = evaluate(exchange, scope.template(realmText));
  if (realm === "off") return undefined;
  const given = /^Basic +(\S+)/i.exec(exchange.header("authorization") ?? "");
  const [, user, password] = /^([^:]*):(.*)$/s.exec(given ? atobBytes(given[1]!) : "") ?? [];
  const refuse = (): { status: number } => {
    exchange.reply.fields.push(["WWW-Authenticate", `Basic realm="${realm}"`]);
    return { status: 401 };
  };
  if (user === undefined || password === undefined) return refuse();
  const name = evaluate(exchange, scope.template(fileText));
  const path = name.startsWith("/") ? name : `/etc/nginx/${name}`;
  const text = attempt(() => connection.self.host.files.read(path, connection.worker.caller));
  if (text instanceof Errno) {
    exchange.error(`open() "${path}" failed (${errnoText(text)})`, text.code === "ENOENT" ? "error" : "crit");
    return { status: text.code === "ENOENT" ? 403 : 500 };
  }
  const line = text.split("\n").find((entry) => entry.startsWith(`${user}:`));
  if (line === undefined) {
    exchange.error(`user "${user}" was not found in "${path}"`);
    return refuse();
  }
  const known = matches(password, line.split(":")[1]!.trim());
  if (known === undefined) {
    exchange.error(`drydock: nginx: this kind of password in "${path}" is not simulated`, "crit");
    return { status: 500 };
  }
  if (!known) {
    exchange.error(`user "${user}": password mismatch`);
    return refuse();
  }
  exchange.remoteUser = user;
  return "allowed";
}

/** `{PLAIN}`, `{SHA}`, `{SSHA}` and Apache's MD5; undefined for crypt(3), which is not simulated. */
function matches(password: string, stored: string): boolean | undefined {
  if (stored.startsWith("{PLAIN}")) return stored.slice(7) === password;
  if (stored.startsWith("{SHA}")) return digest("sha1", password).toString("base64") === stored.slice(5);
  if (stored.startsWith("{SSHA}")) {
    const bytes = Buffer.from(stored.slice(6), "base64");
    const salted = Buffer.concat([Buffer.from(password, "latin1"), bytes.subarray(20)]);
    return createHash("sha1").update(salted).digest().equals(bytes.subarray(0, 20));
  }
  const apr1 = /^\$apr1\$([^$]{1,8})\$/.exec(stored);
  return apr1 ? apr1Hash(password, apr1[1]!) === stored : undefined;
}

/** Apache's variant of crypt's MD5 (apr_md5_encode). */
function apr1Hash(password: string, salt: string): string {
  const inner = digest("md5", password + salt + password);
  let start = `${password}$apr1$${salt}`;
  const bytes = (buffer: Buffer, length: number): string => buffer.toString("latin1", 0, length);
  for (let left = password.length; left > 0; left -= 16) start += bytes(inner, Math.min(16, left));
  for (let bits = password.length; bits > 0; bits >>= 1) start += bits & 1 ? "\0" : password[0]!;
  let hash = digest("md5", start);
  for (let round = 0; round < 1000; round++) {
    let text = round & 1 ? password : bytes(hash, 16);
    if (round % 3 !== 0) text += salt;
    if (round % 7 !== 0) text += password;
    hash = digest("md5", text + (round & 1 ? bytes(hash, 16) : password));
  }
  const letters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const encode = (value: number, length: number): string =>
    Array.from({ length }, (_, at) => letters[(value >> (6 * at)) & 63]!).join("");
  const groups = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5]] as const; // prettier-ignore
  const parts = groups.map(([a, b, c]) => encode((hash[a]! << 16) | (hash[b]! << 8) | hash[c]!, 4));
  return `$apr1$${salt}$${parts.join("")}${encode(hash[11]!, 2)}`;
}

function digest(algorithm: string, text: string): Buffer {
  return createHash(algorithm).update(toUint8Array(text)).digest();
}

function atobBytes(text: string): string {
  return Buffer.from(text, "base64").toString("latin1");
}
