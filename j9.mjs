import { record } from "/tmp/shell-helper/pty.mjs";
const show = async (n, s, o) => {
  const { res } = await record(s, o);
  console.log("==", n);
  for (const r of res) console.log(JSON.stringify(r));
};
await show("trapint", ["trap 'echo caught' INT\r", "abc", "\x03", "\r"], {});
await show("int", ["abc def\x01", "\x03"], {});
await show(
  "subjobs",
  ["sleep 3 &\r", "(jobs)\r", "jobs|cat\r", "echo $(jobs)\r", "{ jobs; } | cat\r", "jobs & wait\r"],
  {},
);
await show(
  "setm",
  [
    "set +m\r",
    "sleep 0.3 &\r",
    "sleep 0.4\r",
    "\r",
    "(exit 3) & sleep 0.1\r",
    "jobs\r",
    "sleep 5 & kill -9 $!; sleep 0.1\r",
    "\r",
  ],
  {},
);
await show(
  "wait",
  [
    "sleep 0.1 & sleep 0.3; wait; echo x\r",
    "sleep 0.1 & wait; echo y\r",
    "(exit 3) & wait; echo z\r",
    "sleep 5 & kill $!; wait; echo k\r",
    "sleep 5 & kill $!; sleep 0.1; wait; echo k\r",
    "jobs\r",
    "sleep 5 & kill $!; wait $!; echo $?\r",
  ],
  { quiet: 500 },
);
await show(
  "killstopped",
  [
    "sleep 5\r",
    "\x1a",
    "kill %1; sleep 0.1\r",
    "\r",
    "sleep 5\r",
    "\x1a",
    "kill -9 %1\r",
    "\r",
    "sleep 5\r",
    "\x1a",
    "kill -CONT %1\r",
    "jobs\r",
    "kill %1\r",
  ],
  {},
);
await show(
  "kill9",
  ["sleep 5 &\r", "kill -9 %1\r", "\r", "sleep 5 &\r", "kill -9 $!\r", "\r", "sleep 5 &\r", "kill -9 $!; jobs\r", "\r"],
  {},
);
