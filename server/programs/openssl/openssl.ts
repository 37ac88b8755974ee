import type { Process, Program } from "../../sim/host/index.ts";
import { Call } from "./call.ts";
import { helpText, type Command } from "./command.ts";
import { DIGEST_NAMES } from "./digest.ts";
import { cipherNamed } from "./encrypted-key.ts";
import { Failure } from "./failure.ts";

/** Its programs, each loaded when first used. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  ec: async () => (await import("./pkey.ts")).ec,
  ecparam: async () => (await import("./genrsa.ts")).ecparam,
  genpkey: async () => (await import("./genrsa.ts")).genpkey,
  genrsa: async () => (await import("./genrsa.ts")).genrsa,
  pkcs8: async () => (await import("./pkey.ts")).pkcs8,
  pkey: async () => (await import("./pkey.ts")).pkey,
  rsa: async () => (await import("./rsa.ts")).rsa,
  ciphers: async () => (await import("./ciphers.ts")).ciphers,
  prime: async () => (await import("./prime.ts")).prime,
  asn1parse: async () => (await import("./asn1parse.ts")).asn1parse,
  base64: async () => (await import("./enc.ts")).enc,
  dgst: async () => (await import("./dgst.ts")).dgst,
  enc: async () => (await import("./enc.ts")).enc,
  passwd: async () => (await import("./passwd.ts")).passwd,
  rand: async () => (await import("./rand.ts")).rand,
  s_client: async () => (await import("./s-client.ts")).sClient,
  verify: async () => (await import("./verify.ts")).verify,
  version: async () => (await import("./version.ts")).version,
  req: async () => (await import("./req.ts")).req,
  x509: async () => (await import("./x509.ts")).x509,
};

/** What OpenSSL 3.0 has beside: they say that they are not simulated. */
const OTHERS = [
  "ca", "cmp", "cms", "crl", "crl2pkcs7", "dhparam", "dsa", "dsaparam", "engine", "errstr", "fipsinstall", "gendsa", "info", "kdf", "list", "mac",
  "nseq", "ocsp", "pkcs12", "pkcs7", "pkeyparam", "pkeyutl", "rehash", "rsautl", "s_server", "s_time", "sess_id", "smime", "speed",
  "spkac", "srp", "storeutl", "ts",
]; // prettier-ignore

/** OpenSSL 3.0's command line (apps/openssl.c). */
export const openssl: Program = {
  name: "openssl",
  summary: "OpenSSL command line program",
  async run(process, args) {
    try {
      return await runCommand(process, args);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      await process.error(error.text);
      return error.code;
    }
  },
};

async function runCommand(process: Process, [name = "help", ...args]: readonly string[]): Promise<number> {
  if (name === "help" || name === "-help" || name === "--help" || name === "-h") return help(process, args[0]);
  const command = await findCommand(name);
  if (!command) {
    if (OTHERS.includes(name)) throw new Failure(`drydock: openssl: '${name}' is not simulated\n`, 64);
    throw new Failure(`Invalid command '${name}'; type "help" for a list.\n`);
  }
  const call = new Call(process, command, args, name);
  if (call.has("help")) {
    await process.print(helpText(command));
    return 0;
  }
  return command.run(call);
}

async function findCommand(name: string): Promise<Command | undefined> {
  if (Object.hasOwn(COMMANDS, name)) return COMMANDS[name]!();
  if (DIGEST_NAMES.includes(name)) return COMMANDS["dgst"]?.();
  return name === "base64" || cipherNamed(name) === name ? COMMANDS["enc"]?.() : undefined;
}

async function help(process: Process, name: string | undefined): Promise<number> {
  const command = name === undefined ? undefined : await findCommand(name);
  if (command) {
    await process.print(helpText(command));
    return 0;
  }
  if (name !== undefined) throw new Failure(`Invalid command '${name}'; type "help" for a list.\n`);
  const names = [...Object.keys(COMMANDS), ...OTHERS, "help"].toSorted();
  await process.error(
    `help:\n\nStandard commands\n${columns(names)}\nMessage Digest commands (see the \`dgst' command for more details)\n${columns(DIGEST_NAMES)}\n`,
  );
  return 0;
}

/** Four columns of 18. */
function columns(names: readonly string[]): string {
  const rows: string[] = [];
  for (let at = 0; at < names.length; at += 4)
    rows.push(
      names
        .slice(at, at + 4)
        .map((name) => name.padEnd(18))
        .join(""),
    );
  return `${rows.join("\n")}\n`;
}
