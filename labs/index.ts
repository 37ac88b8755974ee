export { labFolders, readFolder } from "./load/folder.ts";
export { LabSource, PlacedLab } from "./load/lab-source.ts";
export { type Proof } from "./proof/proof.ts";
export { Lab, type Task } from "./schema/lab.ts";
export { BadFile } from "./schema/bad-file.ts";
export { checkManifests } from "./setup/check-manifests.ts";
export { openLab } from "./setup/set-up.ts";
