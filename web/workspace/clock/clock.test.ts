import { expect, test } from "vitest";
import { endOf, extraTimeText, ServerClock, warning } from "./clock.ts";

const lab = { kind: "lab", startedAt: 1_000_000, endsAt: null, minutes: 8 } as const;
const exam = { kind: "exam", startedAt: 1_000_000, endsAt: 1_000_000 + 7_200_000, minutes: 120 } as const;
const after = (minutes: number, seconds = 0): number => 1_000_000 + minutes * 60_000 + seconds * 1000;

test("a lab's time ends after its minutes, an exam's when the server says so", () => {
  expect([endOf(lab), endOf(exam)]).toEqual([after(8), after(120)]);
});

test("exams warn at thirty, ten, five and one minute, each once; a page that slept hears the last", () => {
  const heard: (string | undefined)[] = [];
  for (let now = after(89); now < after(121); now += 1000) heard.push(warning(exam, now - 1000, now));
  expect(heard.filter(Boolean)).toEqual([
    "30 minutes left.",
    "10 minutes left.",
    "5 minutes left.",
    "1 minute left.",
    "The time is up. What is there is being graded.",
  ]);
  expect(warning(exam, after(10), after(116))).toBe("5 minutes left.");
  expect(warning(lab, after(7), after(7, 30))).toBeUndefined();
  expect(warning(lab, after(7, 59), after(8))).toBe("The time for this lab is up. You can go on.");
});

test("extra time is said as it was given", () => {
  expect([extraTimeText(10), extraTimeText(-1)]).toEqual([
    "Your instructor gave you 10 minutes more.",
    "Your instructor took 1 minute of extra time back.",
  ]);
});

test("the server's clock goes on with ours; quick answers are trusted over slow ones, sleep is noticed", () => {
  let ours = 100;
  const clock = new ServerClock(() => ours);
  clock.told(5000, 100, 40);
  ours = 600;
  expect(clock.now()).toBe(5500);
  clock.told(5503, 600, 2);
  expect(clock.now()).toBe(5503);
  clock.told(5590, 600, 100);
  expect(clock.now()).toBe(5503);
  clock.told(99_000, 600, 100);
  expect(clock.now()).toBe(99_000);
});
