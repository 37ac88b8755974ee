export { customColumnsFilePrinter, customColumnsPrinter, type CustomColumnsPrinter } from "./custom-columns.ts";
export { isFailure, type Failure } from "./failure.ts";
export { formatValue, goSyntax } from "./golang/format.ts";
export { compareBytes, sortedKeys, type Json, type JsonObject } from "./golang/kind.ts";
export { GoNumber, type GoValue } from "./golang/number.ts";
export { sprintf } from "./golang/printf.ts";
export { quote } from "./golang/quote.ts";
export { goSort } from "./golang/sort.ts";
export { goTemplatePrinter, type GoTemplatePrinter, type GoTemplatePrinterOptions } from "./gotemplate/print.ts";
export { encodeJson, printJson, type JsonOptions } from "./json.ts";
export { parseJsonPath, type JsonPath, type JsonPathOptions, type PathFailure } from "./jsonpath/jsonpath.ts";
export { jsonPathPrinter, type JsonPathPrinter, type JsonPathPrinterOptions } from "./jsonpath/print.ts";
export { relaxedTemplate } from "./jsonpath/relaxed.ts";
export { compareQuantities } from "./quantity.ts";
export { sortObjects, sortTable, type Unsortable } from "./sort.ts";
export {
  formatLabels,
  TablePrinter,
  type Table,
  type TableColumn,
  type TableOptions,
  type TableResource,
  type TableRow,
} from "./table.ts";
export { DESCRIBE, ESCAPE, TABLE, TabWriter, type TabWriterOptions } from "./tabwriter.ts";
export { escapeTerminal } from "./terminal.ts";
export { toYaml } from "./yaml/yaml.ts";
