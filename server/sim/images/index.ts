export { bindImages } from "./bind.ts";
export { catalogue, imageFiles } from "./catalogue/index.ts";
export {
  goCleanPath, goError, goRedirect, goRefusal, goResponse, goUrl, httpDate, type GoAnswer,
} from "./go/http.ts"; // prettier-ignore
export { busyboxApplets } from "./files/busybox.ts";
export { containerCommand, imageEnvironment, imageUser } from "./container-command.ts";
export { daemons as imageDaemons, entrypoints } from "./daemons.ts";
export { debianPrograms, ubuntuPrograms } from "./files/debian.ts";
export { checkAnswer, checkRequest, CODES } from "./grpc/health.ts";
export type { Backend } from "./ingress-nginx/lua/backends.ts";
export { EMPTY_UID } from "./ingress-nginx/lua/configuration.ts";
export { LUA_CONFIG, type LuaConfig } from "./ingress-nginx/lua/lua-ingress.ts";
export { fetchOnce } from "./dial.ts";
export { testNginxText } from "./nginx/test-text.ts";
export { Image, type ImageConfig } from "./image.ts";
export { isPullError, pullImage } from "./pull.ts";
export { isInvalid, parseReference, referenceText, type ImageReference } from "./reference.ts";
