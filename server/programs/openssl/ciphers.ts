import type { Command } from "./command.ts";
import { queued } from "./failure.ts";
import { CIPHER_SUITES, type CipherSuite } from "./cipher-suites.ts";

export const ciphers: Command = {
  name: "ciphers",
  operands: "[cipher]",
  options: `General options:
 help - Shows this list
Output options:
 v - Tells more of each
 V - Tells still more
 stdname - Shows the names of the standard
 convert s Turns a name of the standard into OpenSSL's
Cipher specification options:
 s - Only what can be used
 tls1 - What goes with TLS 1.0
 tls1_1 - What goes with TLS 1.1
 tls1_2 - What goes with TLS 1.2
 tls1_3 - What goes with TLS 1.3
 psk - Also those with keys that both sides know before
 srp - Also those with SRP
 ciphersuites s Suites of TLS 1.3
Parameters:
 [cipher] List of ciphers`,

  async run(call) {
    for (const option of ["ciphersuites", "tls1", "tls1_1", "psk", "srp"])
      if (call.has(option)) throw call.failure(`drydock: openssl: ciphers: '-${option}' is not simulated\n`, [], 64);
    const wanted = call.value("convert");
    if (wanted !== undefined) {
      const found = CIPHER_SUITES.find(({ standardName }) => standardName === wanted);
      await call.process.print(`OpenSSL cipher name: ${found?.name ?? "(NONE)"}\n`);
      return 0;
    }
    const [list = "DEFAULT", ...more] = call.operands;
    if (more.length > 0) throw call.usage();
    const chosen = choose(list);
    if (typeof chosen === "string")
      throw call.failure(`drydock: openssl: ciphers: '${chosen}' in a list is not simulated\n`, [], 64);
    if (chosen.length === 0)
      throw call.failure("Error in cipher list\n", [
        queued("0A0000B9", "SSL routines", "SSL_CTX_set_cipher_list", "no cipher match", "../ssl/ssl_lib.c:2741"),
      ]);
    const shown = [...CIPHER_SUITES.filter(isNew), ...chosen.filter((suite) => !isNew(suite))].filter(
      (suite) =>
        !call.has("s") ||
        (isUsable(suite) && (!call.has("tls1_3") || isNew(suite)) && (!call.has("tls1_2") || !isNew(suite))),
    );
    const plain = !call.has("v") && !call.has("V") && !call.has("stdname");
    await call.process.print(
      plain
        ? `${shown.map(({ name }) => name).join(":")}\n`
        : shown.map((suite) => line(suite, call.has("V"), call.has("stdname"))).join(""),
    );
    return 0;
  },
};

/** Whether a word of a cipher list stands for anything. */
export function isCipher(word: string): boolean {
  return CIPHER_SUITES.some(({ name, standardName }) => name === word || standardName === word) || GROUP.test(word);
}

const GROUP = /^[!+-]?(?:DEFAULT|ALL|HIGH|MEDIUM|[ak]?(?:RSA|ECDHE|DHE|ECDSA|PSK|SRP)|EECDH|EDH|AES(?:128|256|GCM|CCM)?|CHACHA20|CAMELLIA|ARIA|SHA(?:1|256|384)?|TLSv1(?:\.[02])?|[ae]NULL|NULL)(?:\+.*)?$|^@/; // prettier-ignore

/** The suites of a list, or the first of its words that is not simulated. */
function choose(list: string): CipherSuite[] | string {
  let chosen: CipherSuite[] = [];
  const barred = new Set<CipherSuite>();
  for (const word of list.split(/[:, ]+/)) {
    const [, sign, name] = /^([!+-]?)(.*)$/.exec(word)!;
    const named = CIPHER_SUITES.filter((suite) => suite.name === name || suite.standardName === name);
    if (name === "DEFAULT" && sign === "") chosen.push(...CIPHER_SUITES.filter((suite) => !chosen.includes(suite)));
    else if (named.length === 0 && GROUP.test(name!)) return word;
    else if (sign === "") chosen.push(...named.filter((suite) => !chosen.includes(suite)));
    else if (sign === "+")
      chosen = [...chosen.filter((suite) => !named.includes(suite)), ...named.filter((suite) => chosen.includes(suite))]; // prettier-ignore
    else {
      chosen = chosen.filter((suite) => !named.includes(suite));
      if (sign === "!") for (const suite of named) barred.add(suite);
    }
  }
  return chosen.filter((suite) => !barred.has(suite));
}

function isNew({ version }: CipherSuite): boolean {
  return version === "TLSv1.3";
}

/** Those with passwords or shared keys need what the command does not have. */
function isUsable({ au, kx }: CipherSuite): boolean {
  return !/PSK|SRP/.test(au) && !/PSK|SRP/.test(kx);
}

function line(
  { code, standardName, name, version, kx, au, enc, mac }: CipherSuite,
  codes: boolean,
  names: boolean,
): string {
  const number = `          0x${code.slice(0, 2)},0x${code.slice(2)} - `;
  const standard = `${standardName.padEnd(45)} - `;
  return `${codes ? number : ""}${names ? standard : ""}${name.padEnd(30)} ${version.padEnd(7)} Kx=${kx.padEnd(8)} Au=${au.padEnd(5)} Enc=${enc.padEnd(22)} Mac=${mac.padEnd(4)}\n`;
}
