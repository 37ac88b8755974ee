/** Takes so many of a list as a picture can show, and notes what is left out: `120 Pods`. */
export type Cut = <T>(what: string, all: readonly T[]) => readonly T[];

/** What a picture shows at most, and how much of each kind. */
const MOST: Readonly<Record<string, number>> = { machines: 40, Pods: 200, Services: 100, NetworkPolicies: 100 };
const MOST_OTHERS = 60;

export function cutting(left: string[]): Cut {
  return (what, all) => {
    const most = MOST[what] ?? MOST_OTHERS;
    if (all.length > most) left.push(`${all.length - most} ${what}`);
    return all.slice(0, most);
  };
}
