import type { Command } from "./command.ts";
import { isPrime, MOST_BITS } from "./new-key.ts";

const MOST_DIGITS = Math.floor(MOST_BITS * Math.log10(2));

export const prime: Command = {
  name: "prime",
  operands: "[number...]",
  options: `General options:
 help - Shows this list
 bits p How long a number is generated
 checks p How many times it is tried
Output options:
 hex - Hexadecimal digits
 generate - Generates a prime
 safe - With -generate, a safe one
Parameters:
 [number] What is tested`,

  async run(call) {
    if (call.has("generate")) {
      if (call.value("bits") === undefined) throw call.failure("Specify the number of bits.\n");
      throw call.failure("drydock: openssl: prime: '-generate' is not simulated\n", [], 64);
    }
    if (call.operands.length === 0) throw call.usage("prime: No prime specified\n");
    const hex = call.has("hex");
    for (const text of call.operands) {
      // What stands behind the digits is passed over (BN_dec2bn).
      const digits = (hex ? /^-?[0-9a-f]+/i : /^-?\d+/).exec(text)?.[0];
      if (digits === undefined) throw call.failure(`Failed to process value (${text})\n`);
      if (digits.length > MOST_DIGITS)
        throw call.failure(
          `drydock: openssl: prime: numbers of more than ${MOST_DIGITS} digits are not simulated\n`,
          [],
          64,
        );
      const value = BigInt(hex ? `0x${digits.replace("-", "")}` : digits.replace("-", ""));
      const is = value > 1n && (await isPrime(call.process, value));
      await call.process.print(`${value.toString(16).toUpperCase()} (${text}) is ${is ? "prime" : "not prime"}\n`);
    }
    return 0;
  },
};
