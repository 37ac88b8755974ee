import type { Octets, Printing } from "./printing.ts";

/** Words with which requests begin (httpcmds, ftpcmds, smtpcmds). */
const COMMANDS: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  HTTP: new Set("GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE NOTIFY BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST SUBSCRIBE PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY MKWORKSPACE UNSUBSCRIBE RPC_CONNECT VERSION-CONTROL BASELINE-CONTROL".split(" ")), // prettier-ignore
  FTP: new Set("ACCT APPE CWD DELE EPRT EPSV LIST MDTM MKD MODE NLST PASS PASV PORT PWD QUIT REST RETR RMD RNFR RNTO STAT STOR STRU TYPE USER".split(" ")), // prettier-ignore
  SMTP: new Set("AUTH DATA EHLO EXPN HELO HELP MAIL NOOP QUIT RCPT RSET VRFY STARTTLS".split(" ")),
};

/** txtproto_print: the first line of a request or answer, and with -v all lines of text. */
export function textProtocol(name: string, body: Octets, length: number, printing: Printing): string {
  const lines = body.bytes.split("\n").map((line) => line.replace(/\r$/, ""));
  const first = lines[0]!;
  const known = COMMANDS[name];
  const begins = known === undefined || begun(name, first, known);
  const printable = body.bytes.includes("\n") && /^[\x20-\x7e\t]*$/.test(first);
  if (printing.verbose > 0) {
    let text = `${name}, length: ${length}`;
    if (!begins) return text;
    if (lines.at(-1) === "") lines.pop();
    for (const line of lines) {
      if (!/^[\x20-\x7e\t]*$/.test(line)) break;
      text += `\n\t${line}`;
    }
    return text;
  }
  return begins && printable ? `${name}: ${first}` : name;
}

function begun(name: string, line: string, known: ReadonlySet<string>): boolean {
  const word = line.split(" ")[0]!;
  if (known.has(word)) return true;
  if (name === "HTTP") return line.startsWith("HTTP/");
  return /^\d{3}$/.test(word.slice(0, 3));
}
