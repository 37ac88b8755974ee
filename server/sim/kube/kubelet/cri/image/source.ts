import type { Image, ImageReference } from "../../../../images/index.ts";

/** Where images come from: registries, as far as they are simulated. */
export interface ImageSource {
  /** The image, or why a pull fails, in containerd's words behind `rpc error: code = ‹code› desc = `. */
  find(reference: ImageReference): Image | { readonly code: string; readonly error: string };
  /** The image of that name (`Image.name`), for containers of a restored world. */
  byName(name: string): Image | undefined;
}
