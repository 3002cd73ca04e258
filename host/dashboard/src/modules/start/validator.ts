// Checks what a form holds against a JSON Schema, by reading the schema: making code of it, as is usual, is forbidden to
// this page. The host checks again, and has the last word.
import { Validator, type OutputUnit, type Schema } from "@cfworker/json-schema";
import { createErrorHandler, toErrorSchema, unwrapErrorHandler, validationDataMerge, type RJSFSchema, type RJSFValidationError, type ValidatorType } from "@rjsf/utils";

/** These only say that something further in is wrong, which is said there. */
const OUTER = new Set(["properties", "items", "prefixItems", "$ref", "$dynamicRef", "allOf", "then", "else", "additionalProperties", "dependentSchemas"]);

function errorsOf(schema: RJSFSchema, value: unknown): OutputUnit[] {
  const { valid, errors } = new Validator(schema as Schema, "2020-12", false).validate(value);
  return valid ? [] : errors.filter((error) => !OUTER.has(error.keyword) || !errors.some((inner) => isInside(inner, error)));
}

function isInside(inner: OutputUnit, outer: OutputUnit): boolean {
  return inner !== outer && inner.keywordLocation.startsWith(`${outer.keywordLocation}/`);
}

const MISSING = /required property "(.+)"\.$/;

/** Where a form shows it: a field that is missing shows it itself. */
function shown(error: OutputUnit): RJSFValidationError {
  const path = error.instanceLocation.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const missing = error.keyword === "required" ? MISSING.exec(error.error)?.[1] : undefined;
  const at = missing === undefined ? path : [...path, missing];
  const message = missing === undefined ? error.error.replace(/^Instance /, "") : "is needed";
  const property = at.map((part) => `.${part}`).join("");
  return { name: error.keyword, property, message, stack: `${at.join(" › ") || "The whole"} ${message}` };
}

export const validator: ValidatorType = {
  isValid(schema, value, root) {
    try {
      const whole = { $defs: root.$defs, definitions: root.definitions, ...(schema as object) };
      return new Validator(whole as Schema, "2020-12").validate(value ?? {}).valid;
    } catch {
      return false;
    }
  },
  rawValidation(schema, value) {
    return { errors: errorsOf(schema, value) as never[] };
  },
  validateFormData(value, schema, customValidate, transformErrors, uiSchema) {
    let errors = errorsOf(schema, value).map(shown);
    if (transformErrors !== undefined) errors = transformErrors(errors, uiSchema);
    const data = { errors, errorSchema: toErrorSchema(errors) };
    if (customValidate === undefined) return data;
    const handler = customValidate(value, createErrorHandler(value), uiSchema);
    return validationDataMerge(data, unwrapErrorHandler(handler));
  },
};

export default validator;
