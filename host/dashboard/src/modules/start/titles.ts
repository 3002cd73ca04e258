// Names for the choices of a schema that has none: by the value that tells them apart, or by what it says of them.
import type { RJSFSchema } from "@rjsf/utils";

const MOST_CHARS = 60;

function isSchema(value: unknown): value is RJSFSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameOf(option: RJSFSchema): string | undefined {
  for (const property of Object.values(option.properties ?? {})) {
    if (isSchema(property) && (typeof property.const === "string" || typeof property.const === "number")) return String(property.const);
  }
  const sentence = option.description?.split(/[.\n]/)[0];
  return sentence === undefined || sentence.length > MOST_CHARS ? undefined : sentence;
}

/** The same schema, with a title for each choice for which one can be found. */
export function titled(schema: RJSFSchema): RJSFSchema {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, part]) => {
      const walked = key === "const" || key === "default" || key === "enum" ? part : walk(part);
      if ((key !== "oneOf" && key !== "anyOf") || !Array.isArray(walked)) return [key, walked];
      return [key, walked.map((option: unknown) => (isSchema(option) && option.title === undefined ? { title: nameOf(option), ...option } : option))];
    });
    return Object.fromEntries(entries);
  };
  // What the whole is called stands above the form.
  const { title: _, description: __, ...rest } = walk(schema) as RJSFSchema;
  return rest;
}
