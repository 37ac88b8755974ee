/** Orders versions as dpkg does (deb-version(7)): negative if the first is the older one. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [parts(one), parts(other)];
  return a.epoch - b.epoch || compareText(a.upstream, b.upstream) || compareText(a.revision, b.revision);
}

function parts(version: string): { epoch: number; upstream: string; revision: string } {
  const [, epoch = "0", rest = ""] = /^(?:(\d+):)?(.*)$/.exec(version)!;
  const at = rest.lastIndexOf("-");
  return {
    epoch: Number(epoch),
    upstream: at < 0 ? rest : rest.slice(0, at),
    revision: at < 0 ? "0" : rest.slice(at + 1),
  };
}

/** Text and numbers take turns; in text `~` comes before the end, letters before the rest (lib/dpkg/version.c verrevcmp). */
function compareText(one: string, other: string): number {
  let [a, b] = [one, other];
  while (a !== "" || b !== "") {
    const [textA, textB] = [/^\D*/.exec(a)![0], /^\D*/.exec(b)![0]];
    for (let at = 0; at < Math.max(textA.length, textB.length); at++) {
      const difference = weight(textA[at]) - weight(textB[at]);
      if (difference !== 0) return difference;
    }
    [a, b] = [a.slice(textA.length), b.slice(textB.length)];
    const [digitsA, digitsB] = [/^\d*/.exec(a)![0], /^\d*/.exec(b)![0]];
    if (Number(digitsA) !== Number(digitsB)) return Number(digitsA) - Number(digitsB);
    [a, b] = [a.slice(digitsA.length), b.slice(digitsB.length)];
  }
  return 0;
}

function weight(letter: string | undefined): number {
  if (letter === undefined) return 0;
  if (letter === "~") return -1;
  return /[A-Za-z]/.test(letter) ? letter.charCodeAt(0) : letter.charCodeAt(0) + 256;
}
