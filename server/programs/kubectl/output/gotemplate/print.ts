import type { Failure } from "../failure.ts";
import { formatValue } from "../golang/format.ts";
import type { JsonObject } from "../golang/kind.ts";
import { quote } from "../golang/quote.ts";
import { encodeJson } from "../json.ts";
import { Execution, type Program } from "./execute.ts";
import { TemplateError } from "./failure.ts";
import { parseGoTemplate, TemplateSyntaxError } from "./parser.ts";

export interface GoTemplatePrinterOptions {
  /** `--allow-missing-template-keys`, true if not given. */
  readonly allowMissingKeys?: boolean;
}

/** Prints objects through one template, in kubectl's words. */
export interface GoTemplatePrinter {
  print(object: JsonObject): string | Failure;
}

/** The name that kubectl gives its template, which errors show. */
const NAME = "output";

/** The printer of `-o go-template=TEMPLATE` (cli-runtime pkg/printers/template.go). */
export function goTemplatePrinter(
  template: string,
  options: GoTemplatePrinterOptions = {},
): GoTemplatePrinter | Failure {
  if (template === "") return { error: "template format specified but no template given" };
  try {
    const templates = parseGoTemplate(NAME, template);
    const program = { name: NAME, text: template, templates, strict: options.allowMissingKeys === false };
    return { print: (object) => execute(program, object) };
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    return { error: `error parsing template ${template}, ${error.message}` };
  }
}

function execute(program: Program, object: JsonObject): string | Failure {
  const execution = new Execution(program, object);
  try {
    execution.run();
    return execution.out;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const details =
      `Error executing template: ${error.message}. Printing more information for debugging the template:\n` +
      `\ttemplate was:\n\t\t${program.text}\n` +
      `\traw data was:\n\t\t${encodeJson(object)}\n` +
      `\tobject given to template engine was:\n\t\t${formatValue(object)}\n\n`;
    return { error: `error executing template ${quote(program.text)}: ${error.message}`, out: execution.out + details };
  }
}
