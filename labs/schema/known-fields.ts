import type { z } from "zod";

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly innerType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  /** Of what is transformed: what is read. */
  readonly in?: z.core.$ZodType;
}

function definition(schema: z.core.$ZodType): Definition {
  return schema._zod.def;
}

/** The fields that a schema knows at a path, of all alternatives together. */
export function knownFields(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const fields = at([schema], path).flatMap((inner) =>
    Object.entries(definition(inner).shape ?? {}).flatMap(([field, value]) => (takesNothing(value) ? [] : [field])),
  );
  return [...new Set(fields)];
}

/** A field that is in the schema only to be refused in words of its own. */
function takesNothing(schema: z.core.$ZodType): boolean {
  return unwrap(schema).every((inner) => definition(inner).type === "never");
}

function at(schemas: readonly z.core.$ZodType[], path: readonly PropertyKey[]): readonly z.core.$ZodType[] {
  const plain = schemas.flatMap(unwrap);
  const [key, ...rest] = path;
  if (key === undefined) return plain;
  const below = plain.flatMap((schema) => {
    const { shape, element, valueType } = definition(schema);
    const inner = shape ? shape[String(key)] : (element ?? valueType);
    return inner ? [inner] : [];
  });
  return at(below, rest);
}

/** Without what only says that a value may be missing; of a union, its alternatives. */
function unwrap(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { innerType, options, in: read } = definition(schema);
  if (innerType) return unwrap(innerType);
  if (read) return unwrap(read);
  return options ? options.flatMap(unwrap) : [schema];
}
