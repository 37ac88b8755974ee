import { expect, test } from "vitest";
import { FakeClock } from "../sessions/pool/testing.ts";
import { Clockwork } from "./clockwork.ts";

function clockwork(): { clock: FakeClock; work: Clockwork; heard: string[]; start: number } {
  const clock = new FakeClock();
  const start = clock.now();
  const heard: string[] = [];
  const work = new Clockwork(clock, {
    alive: (at) => heard.push(`alive ${at - start}`),
    asleep: (by) => heard.push(`asleep ${by}`),
    ended: (id) => heard.push(`ended ${id} ${clock.now() - start}`),
  });
  return { clock, work, heard, start };
}

test("there is a beat every second while an attempt is open, and each ends in its time", async () => {
  const { clock, work, heard, start } = clockwork();
  await clock.advance(5000);
  expect(clock.timers).toBe(0);
  work.add("b", clock.now() + 2500);
  work.add("a", clock.now() + 1500);
  work.add("lab", null);
  expect(clock.timers).toBe(2);
  await clock.advance(3500);
  work.remove("lab");
  expect(heard).toEqual(["alive 6000", "ended a 6500", "alive 7000", "ended b 7500", "alive 8000"]);
  expect(clock.timers).toBe(0);
  expect(clock.now() - start).toBe(8500);
});

test("an end that comes due while the machine sleeps is moved, whichever timer is first", async () => {
  const { clock, work, heard } = clockwork();
  work.add("a", clock.now() + 500);
  await clock.sleep(3_600_000);
  expect(heard).toEqual(["asleep 3600000", "alive 3600000"]);
  await clock.advance(500);
  expect(heard.slice(2)).toEqual(["ended a 3600500"]);
});
