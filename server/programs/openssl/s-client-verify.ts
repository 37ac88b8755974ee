import { timeText } from "./certificate-text.ts";
import type { Call } from "./call.ts";
import type { Certificate } from "../../sim/kube/pki/index.ts";
import { checkChain, VERIFY_WORDS, type Trust } from "./chain.ts";
import { nameText, type NameOptions } from "./name-text.ts";

/** What the verification of a server's chain came to, and what it told on the way. */
export interface Judged {
  readonly text: string;
  /** X509_V_*, 0 if all is well. */
  readonly code: number;
  /** `-verify_return_error`: the handshake ends with it. */
  readonly refused: boolean;
}

/** verify_callback of apps/lib/s_cb.c, with each certificate and each error. */
export function judge(call: Call, chain: readonly Certificate[], trust: Trust, names: NameOptions): Judged {
  const [leaf] = chain;
  if (!leaf) return { text: "", code: 0, refused: false };
  const quiet = call.has("brief") || call.has("verify_quiet");
  const returns = call.has("verify_return_error");
  let text = "";
  let code = 0;
  for (const event of checkChain(leaf, trust).events) {
    const wrong = event.code !== 0;
    if (wrong) code = event.code;
    const { certificate, depth } = event;
    if (!quiet || wrong) text += `depth=${depth} ${nameText(certificate.subject, names)}\n`;
    if (wrong) text += `verify error:num=${event.code}:${VERIFY_WORDS[event.code]!}\n`;
    // The error stays the last one also where a certificate is right, so its time is told again.
    if (!quiet || wrong) {
      if (code === 2) text += `issuer= ${nameText(certificate.issuer, names)}\n`;
      if (code === 9) text += `notBefore=${timeText(certificate.notBefore)}\n`;
      if (code === 10) text += `notAfter=${timeText(certificate.notAfter)}\n`;
    }
    if (wrong && returns) return { text, code, refused: true };
    if (!quiet) text += "verify return:1\n";
  }
  return { text, code, refused: false };
}

export function verifyWords(code: number): string {
  return VERIFY_WORDS[code] ?? "unknown certificate verification error";
}
