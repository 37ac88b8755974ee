import { Errno, exitCode, spawnChild } from "../../../sim/host/index.ts";
import { SECOND } from "../../../sim/kernel/index.ts";
import { codeOf, findCommand } from "../../gnu/execute.ts";
import type { Applet } from "../applet.ts";

/** miscutils/time.c. All simulated time is told as real time; users' and system's are not kept apart. */
export const time: Applet = {
  options: "+vpao:f:",
  usage: () => `[-vpa] [-o FILE] PROG ARGS

Run PROG, display resource usage when it exits

	-v	Verbose
	-p	POSIX output format
	-f FMT	Custom format
	-o FILE	Write result to FILE
	-a	Append (else overwrite)`,
  async run(call) {
    const { process, operands } = call;
    for (const option of ["v", "a", "o", "f"]) if (call.has(option)) return call.notSimulated(`-${option}`);
    if (operands.length === 0) return call.usage();
    const start = process.now;
    const found = findCommand(process, operands);
    let code: number;
    if (found instanceof Errno) {
      await call.die(`can't execute '${operands[0]!}': ${found.message}`);
      code = codeOf(found);
    } else {
      const { status } = await process.wait([spawnChild(process, found)]);
      code = exitCode(status!);
    }
    if (code !== 0) await process.error(`Command exited with non-zero status ${code}\n`);
    const seconds = (process.now - start) / SECOND;
    const minutes = Math.floor(seconds / 60);
    const lines = call.has("p")
      ? [`real ${seconds.toFixed(2)}`, "user 0.00", "sys 0.00"]
      : [`real\t${minutes}m ${(seconds - minutes * 60).toFixed(2)}s`, "user\t0m 0.00s", "sys\t0m 0.00s"];
    await process.error(lines.map((line) => `${line}\n`).join(""));
    return code;
  },
};
