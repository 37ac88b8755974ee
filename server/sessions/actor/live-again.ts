import { SECOND, type Kernel } from "../../sim/kernel/index.ts";
import type { SessionClock } from "./clock.ts";

/** What does not come again within so much simulated time had an input that is lost, and is not waited for. */
const STILL = 2 * SECOND;

/**
 * What came behind the last input and was seen has been lived: a new input is not to come before it, or what is printed and
 * recorded from then on would not go on from it. `owed`: bytes that were seen and are not printed again yet.
 */
export async function liveAgain(clock: SessionClock, kernel: Kernel, owed: () => number): Promise<void> {
  let least = { owed: owed(), at: kernel.now };
  await clock.replayOn((next) => {
    const now = owed();
    if (now < least.owed) least = { owed: now, at: kernel.now };
    return now > 0 && next - least.at <= STILL;
  });
}
