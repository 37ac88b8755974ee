/** A check that cannot be judged: the lab's mistake, or something that Drydock does not simulate. It never costs points. */
export class Broken extends Error {}

/** Of what breaks a check: something that Drydock does not simulate, wherever the learner met it. */
export class NotSimulated extends Broken {
  override readonly name = "NotSimulated";
}
