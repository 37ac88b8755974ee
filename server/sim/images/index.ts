export { bindImages } from "./bind.ts";
export { catalogue, imageFiles } from "./catalogue/index.ts";
export { goError, goResponse, type GoAnswer } from "./go/http.ts";
export { containerCommand, imageEnvironment, imageUser } from "./container-command.ts";
export { daemons as imageDaemons, entrypoints } from "./daemons.ts";
export { ubuntuPrograms } from "./files/debian.ts";
export { Image, type ImageConfig } from "./image.ts";
export { isPullError, pullErrorText, pullImage, type PullError } from "./pull.ts";
export { isInvalid, parseReference, referenceText, repositoryOf, type ImageReference } from "./reference.ts";
