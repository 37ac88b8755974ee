import { LineInput } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import type { Call } from "./call.ts";
import type { Command } from "./command.ts";
import { md5Crypt } from "./md5-crypt.ts";
import { askPassphrase } from "./passphrase.ts";
import { shaCrypt } from "./sha-crypt.ts";

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

export const passwd: Command = {
  name: "passwd",
  operands: "[password]",
  options: `General options:
 help - Shows this list
Input options:
 in < File with passwords
 noverify - Does not ask twice
 stdin - Reads passwords from standard input
Output options:
 quiet - Says nothing of passwords that are cut
 table - Prints each password with its hash
 reverse - With -table: the hash first
Cryptographic options:
 salt s Salt to use
 6 - SHA-512
 5 - SHA-256
 apr1 - MD5 in Apache's form
 1 - MD5 (default)
 aixmd5 - MD5 in the form of AIX
Random state options:
 rand s Files to seed the generator with
 writerand > File to write random data to
Parameters:
 (password) Passwords to hash (default: asks)`,

  async run(call) {
    for (const option of ["aixmd5", "rand", "writerand"])
      if (call.has(option)) throw call.failure(`drydock: openssl: passwd: '-${option}' is not simulated\n`, [], 64);
    const modes = call.given.filter(({ name }) => ["6", "5", "apr1", "1"].includes(name));
    const inputs = [call.has("in"), call.has("stdin"), call.operands.length > 0].filter(Boolean).length;
    if (modes.length > 1 || inputs > 1) throw call.usage();
    const mode = modes[0]?.name ?? "1";
    let out = "";
    for (const password of await passwords(call)) {
      const hash = await crypt(call, mode, password);
      out += call.has("table")
        ? call.has("reverse")
          ? `${hash}\t${password}\n`
          : `${password}\t${hash}\n`
        : `${hash}\n`;
    }
    await call.print(out);
    return 0;
  },
};

async function passwords(call: Call): Promise<readonly string[]> {
  if (call.operands.length > 0) return call.operands;
  const path = call.value("in");
  if (path !== undefined)
    return decode(await call.mustRead(path))
      .split("\n")
      .slice(0, -1);
  if (!call.has("stdin"))
    return [await askPassphrase(call, "Password: ", call.has("noverify") ? undefined : "Verifying - Password: ")];
  const file = call.process.fds.find(0);
  const lines: string[] = [];
  if (file) for await (const line of new LineInput(call.process, file)) lines.push(decode(line.replace(/\n$/, "")));
  return lines;
}

async function crypt(call: Call, mode: string, password: string): Promise<string> {
  const size = mode === "6" || mode === "5" ? 16 : 8;
  const salt = call.value("salt") ?? call.process.kernel.random.text("openssl/salt", size, ALPHABET);
  if (mode === "6" || mode === "5") return shaCrypt(call.process, mode === "6" ? "sha512" : "sha256", password, salt);
  return md5Crypt(mode === "1" ? "1" : "apr1", password, salt.slice(0, 8));
}
