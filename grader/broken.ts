/** A check that cannot be judged: the lab's mistake, or something that Drydock does not simulate. It never costs points. */
export class Broken extends Error {}
