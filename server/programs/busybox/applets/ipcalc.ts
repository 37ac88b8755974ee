import type { Applet, AppletCall } from "../applet.ts";

/** networking/ipcalc.c */
export const ipcalc: Applet = {
  options: "mbnphs",
  longs: { netmask: "m", broadcast: "b", network: "n", prefix: "p", hostname: "h", silent: "s" },
  usage: () => `[-bnmphs] ADDRESS[/PREFIX] [NETMASK]

Calculate and display network settings from IP address

	-b	Broadcast address
	-n	Network address
	-m	Default netmask for IP
	-p	Prefix for IP/NETMASK
	-h	Resolved host name
	-s	No error messages`,
  async run(call) {
    if (call.has("h")) return call.notSimulated("-h");
    const wanted = ["m", "b", "n", "p"].some((option) => call.has(option));
    const [given, maskText, extra] = call.operands;
    if (!wanted || given === undefined || extra !== undefined) return call.usage();
    const [text, prefixText] = given.split("/") as [string, string?];
    if (prefixText !== undefined && !/^\d+$/.test(prefixText)) return complain(call, `invalid number '${prefixText}'`);
    if (prefixText !== undefined && Number(prefixText) > 32)
      return complain(call, `number ${prefixText} is not in 0..32 range`);
    if (prefixText !== undefined && maskText !== undefined) return complain(call, "use prefix or netmask, not both");
    const address = numberOf(text);
    if (address === undefined) return complain(call, `bad IP address: ${text}`);
    let mask = prefixText === undefined ? defaultMask(address) : maskOf(Number(prefixText));
    if (maskText !== undefined) {
      const parsed = numberOf(maskText);
      if (parsed === undefined) return complain(call, `bad netmask: ${maskText}`);
      mask = parsed;
    }
    const lines: string[] = [];
    if (call.has("m")) lines.push(`NETMASK=${dotted(mask)}`);
    if (call.has("b")) lines.push(`BROADCAST=${dotted((address & mask) | ~mask)}`);
    if (call.has("n")) lines.push(`NETWORK=${dotted(address & mask)}`);
    if (call.has("p")) lines.push(`PREFIX=${[...(mask >>> 0).toString(2)].filter((bit) => bit === "1").length}`);
    await call.process.print(lines.map((line) => `${line}\n`).join(""));
    return 0;
  },
};

async function complain(call: AppletCall, words: string): Promise<number> {
  return call.has("s") ? 1 : call.die(words);
}

function numberOf(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => (sum << 8) | Number(part), 0);
}

/** The mask of the address' class. */
function defaultMask(address: number): number {
  const first = address >>> 24;
  return maskOf(first < 128 ? 8 : first < 192 ? 16 : 24);
}

function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) | 0;
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join(".");
}
