export { bindImages } from "./bind.ts";
export { busyboxApplets } from "./files/busybox.ts";
export { catalogue } from "./catalogue/index.ts";
export { containerCommand, imageEnvironment, imageUser } from "./container-command.ts";
export { daemons as imageDaemons, entrypoints } from "./daemons.ts";
export { Image, type ImageConfig } from "./image.ts";
export { isPullError, pullErrorText, pullImage, type PullError } from "./pull.ts";
export { isInvalid, parseReference, referenceText, repositoryOf, type ImageReference } from "./reference.ts";
