import { withLastApplied } from "../../patch/last-applied.ts";
import type { Info } from "../../resource/info.ts";
import { Edit } from "../edit/session.ts";

/** An object of a file that is edited before it is created (kubectl pkg/cmd/create RunEditOnCreate). */
export class CreateEdit extends Edit {
  protected override async patch({ mapping, namespace, object }: Info): Promise<void> {
    const helper = await this.factory.helper();
    const place = { mapping, namespace: namespace === "" ? this.factory.config.namespace().name : namespace };
    const created = await helper.create(place, this.flags["save-config"] ? withLastApplied(object!) : object!, {
      fieldManager: this.flags["field-manager"],
      fieldValidation: this.validation,
    });
    await this.print("created", created);
  }
}
