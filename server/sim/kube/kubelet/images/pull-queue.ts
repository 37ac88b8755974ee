import type { Time } from "../../../kernel/index.ts";
import { pullImage } from "../cri/image/images.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";

/** A Pod's worker that wants an image. */
export interface WantedImage {
  readonly uid: string;
  readonly token: number;
  readonly image: string;
  /** When its pull began; absent while it waits. */
  readonly since?: Time;
}

/** Images are pulled one at a time (serializeImagePulls, images/serialized_image_puller.go). The worker gets the answer. */
export function queuePull(kubelet: Kubelet, wanted: WantedImage): void {
  const free = kubelet.pulling.size === 0;
  kubelet.pulling.set(wanted.uid, wanted);
  if (free) pullNext(kubelet);
}

/** A worker's pull has ended: the next one begins. Answers when it had begun. */
export function pullEnded(kubelet: Kubelet, uid: string): Time {
  const { since = kubelet.kernel.now } = kubelet.pulling.get(uid) ?? {};
  kubelet.pulling.delete(uid);
  pullNext(kubelet);
  return since;
}

function pullNext(kubelet: Kubelet): void {
  const [next] = kubelet.pulling.values();
  if (!next) return;
  const { uid, token, image } = next;
  kubelet.pulling.set(uid, { ...next, since: kubelet.kernel.now });
  pullImage(kubelet.runtime, image, { kind: EVENTS.done, args: { machine: kubelet.machine.name, uid, token } });
}
