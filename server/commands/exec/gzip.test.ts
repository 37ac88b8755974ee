import { expect, test } from "vitest";
import { freshCluster, typed } from "./testing.ts";

// As gzip 1.12 of Debian 12 says it.
test("gzip packs a file in its place, gunzip and zcat unpack it, and what cannot be is told", async () => {
  const world = await freshCluster();
  const lines = [
    "echo hello > a; gzip a; ls a*; gzip a.gz; echo $?; zcat a.gz; zcat a",
    "gunzip -k a.gz; ls a*; gzip a </dev/null; echo $?; gzip -d a; echo $?",
    "echo x | gunzip; echo $?; mkdir d; gzip d; echo $?; gzip nosuch; gzip -c a | gzip -dc",
    "gzip -c a | head -c 15 | zcat; echo $?; zcat nosuch; gzip -t a.gz; echo $?; tar czf d.tgz d; zcat d.tgz | tar t",
  ];
  expect(
    await typed(
      world,
      lines.map((line) => `{ ${line}; } 2>&1`),
    ),
  ).toEqual([
    "a.gz\ngzip: a.gz already has .gz suffix -- unchanged\n0\nhello\nhello\n",
    "a\na.gz\ngzip: a.gz already exists;\tnot overwritten\n2\ngzip: a: unknown suffix -- ignored\n2\n",
    "\ngzip: stdin: not in gzip format\n1\ngzip: d is a directory -- ignored\n2\ngzip: nosuch: No such file or directory\nhello\n",
    "\ngzip: stdin: unexpected end of file\n1\ngzip: nosuch.gz: No such file or directory\n0\nd/\n",
  ]);
});

test("setsid starts a session without a terminal", async () => {
  const world = await freshCluster();
  const lines = [
    "setsid; echo $?; setsid nosuch; setsid -w false; echo $?",
    "setsid -w bash -c 'ps -o tty= -p $$; test $(ps -o sid= -p $$) = $$ && echo leads'",
    "setsid sleep 100; ps -o tty=,args= -C sleep",
  ];
  expect(
    await typed(
      world,
      lines.map((line) => `{ ${line}; } 2>&1`),
    ),
  ).toEqual([
    "setsid: no command specified\nTry 'setsid --help' for more information.\n1\nsetsid: failed to execute nosuch: No such file or directory\n1\n",
    "?\nleads\n",
    "?        sleep 100\n",
  ]);
});
