// JSON Schemas: how they are written down, how they go to the host, and how values are read by them.

/** @typedef {Record<string, any>} Schema */

/** A value that does not fit its schema. */
export class Misfit extends Error {
  /**
   * @param {string} place
   * @param {string} problem
   */
  constructor(place, problem) {
    super(`${place} does not fit: ${problem}`);
    this.place = place;
  }
}

/**
 * The schema of an object with these properties. A property is required unless it has a default or is named here.
 * @param {Record<string, Schema>} properties
 * @param {{ description?: string, optional?: readonly string[] }} [options]
 * @returns {any}
 */
export function object(properties, { description, optional = [] } = {}) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", ...(description === undefined ? {} : { description }), properties, required };
}

/**
 * The schema as the host gets it: a property with a default is not required, since the SDK fills it in, and an object
 * with known properties has no others unless it says so.
 * @param {Schema} schema
 * @returns {Schema}
 */
export function complete(schema) {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", ...closed(JSON.parse(JSON.stringify(schema))) };
}

const MAPS_OF_SCHEMAS = ["properties", "$defs", "patternProperties", "dependentSchemas"];
const SCHEMAS = ["items", "additionalProperties", "contains", "anyOf", "oneOf", "prefixItems"];

/**
 * @param {any} schema
 * @returns {any}
 */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const result = { ...schema };
  for (const keyword of MAPS_OF_SCHEMAS) {
    if (!isObject(schema[keyword])) continue;
    result[keyword] = Object.fromEntries(Object.entries(schema[keyword]).map(([name, inner]) => [name, closed(inner)]));
  }
  for (const keyword of SCHEMAS) {
    if (keyword in schema) result[keyword] = closed(schema[keyword]);
  }
  if (!isObject(schema.properties)) return result;
  const required = requiredBy(schema);
  delete result.required;
  if (required.length > 0) result.required = required;
  // Inside `allOf`, which is left as it is, a closed object would refuse the properties of its neighbours.
  if (!("additionalProperties" in schema || "unevaluatedProperties" in schema || "allOf" in schema)) {
    result.additionalProperties = false;
  }
  return result;
}

/** @param {Schema} schema */
function requiredBy(schema) {
  return (schema.required ?? []).filter((/** @type {string} */ name) => schema.properties?.[name]?.default === undefined);
}

/**
 * The value with its defaults filled in, or a `Misfit` that says where it does not fit and what was expected.
 *
 * It knows the keywords that types are made of. The host has checked inputs and settings by all of them.
 * @param {Schema} schema
 * @param {unknown} value
 * @param {string} place
 * @param {{ unknownProperties?: "refused" | "ignored" }} [options]
 * @returns {any}
 */
export function read(schema, value, place, options = {}) {
  const root = schema;
  const strict = options.unknownProperties !== "ignored";
  return readBy(schema, value, place);

  /** @type {(schema: Schema, value: unknown, place: string) => any} */
  function readBy(schema, value, place) {
    if (typeof schema !== "object") return value;
    if (typeof schema.$ref === "string") return readBy(resolve(root, schema.$ref), value, place);
    const choices = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(choices)) return readByAny(choices, value, place);
    const fits =
      "const" in schema ? same(schema.const, value)
      : Array.isArray(schema.enum) ? schema.enum.some((choice) => same(choice, value))
      : schema.type === undefined || [schema.type].flat().some((type) => isOfType(type, value));
    if (!fits) throw new Misfit(place, `expected ${expectation(schema)}, found ${inWords(value)}`);
    const bound = outOfBounds(schema, value);
    if (bound !== undefined) throw new Misfit(place, `expected ${bound}, found ${inWords(value)}`);
    if (Array.isArray(value)) {
      return schema.items ? value.map((item, index) => readBy(schema.items, item, `${place}[${index}]`)) : value;
    }
    return isObject(value) ? readObject(schema, value, place) : value;
  }

  /** @type {(choices: Schema[], value: unknown, place: string) => any} */
  function readByAny(choices, value, place) {
    let deepest;
    for (const choice of choices) {
      try {
        return readBy(choice, value, place);
      } catch (error) {
        if (!(error instanceof Misfit)) throw error;
        // A misfit inside an object or an array says more than one of the whole.
        if (error.place !== place) deepest = error;
      }
    }
    throw deepest ?? new Misfit(place, `expected ${choices.map(expectation).join(" or ")}, found ${inWords(value)}`);
  }

  /** @type {(schema: Schema, value: Record<string, unknown>, place: string) => any} */
  function readObject(schema, value, place) {
    const properties = schema.properties ?? {};
    const required = requiredBy(schema);
    /** @type {Record<string, unknown>} */
    const result = {};
    for (const [name, property] of Object.entries(properties)) {
      if (Object.hasOwn(value, name)) result[name] = readBy(property, value[name], `${place}.${name}`);
      else if (property.default !== undefined) result[name] = JSON.parse(JSON.stringify(property.default));
      else if (required.includes(name)) {
        throw new Misfit(`${place}.${name}`, `it is missing, expected ${expectation(property)}`);
      }
    }
    const open = "unevaluatedProperties" in schema || "allOf" in schema || !schema.properties;
    const others = schema.additionalProperties ?? open;
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(properties, name)) continue;
      if (others === false && strict) {
        const known = Object.keys(properties).map((known) => `\`${known}\``);
        const words = known.length > 0 ? `one of ${known.join(", ")}` : "no properties";
        throw new Misfit(`${place}.${name}`, `unknown property, expected ${words}`);
      }
      if (others !== false) result[name] = readBy(others, value[name], `${place}.${name}`);
    }
    return result;
  }
}

/**
 * @param {Schema} root
 * @param {string} reference
 */
function resolve(root, reference) {
  const steps = reference.replace(/^#\/?/, "").split("/").filter((step) => step !== "");
  const found = steps.reduce((schema, step) => schema?.[step.replaceAll("~1", "/").replaceAll("~0", "~")], root);
  if (!reference.startsWith("#") || found === undefined) {
    throw new TypeError(`the schema refers to \`${reference}\`, which is not in it: use \`#/$defs/…\``);
  }
  return found;
}

/**
 * @param {string} type
 * @param {unknown} value
 */
function isOfType(type, value) {
  if (type === "integer") return Number.isInteger(value);
  return type === typeOf(value);
}

/** @param {unknown} value */
function typeOf(value) {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/**
 * @param {Schema} schema
 * @param {unknown} value
 * @returns {string | undefined}
 */
function outOfBounds(schema, value) {
  // JSON.parse has rounded a larger one already: what the module would get is not what stands in the text.
  const types = [schema.type].flat();
  const isRounded = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (isRounded && types.includes("integer") && !types.includes("number")) {
    return "an integer from -(2^53 - 1) to 2^53 - 1, which is what JavaScript holds exactly";
  }
  // A text is taken apart only to count its characters: a megabyte of them would become many as a list.
  if (typeof value === "string" && schema.minLength === undefined && schema.maxLength === undefined) return undefined;
  const [size, least, most, words] =
    typeof value === "string" ? [[...value].length, schema.minLength, schema.maxLength, "a text of # characters"]
    : Array.isArray(value) ? [value.length, schema.minItems, schema.maxItems, "a list of # items"]
    : [value, schema.minimum, schema.maximum, "a number of #"];
  if (typeof size !== "number") return undefined;
  if (size < least) return words.replace("#", `${least} or more`);
  if (size > most) return words.replace("#", `${most} or less`);
  return undefined;
}

/**
 * What a schema asks for, with its article.
 * @param {Schema} schema
 * @returns {string}
 */
function expectation(schema) {
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return `one of ${schema.enum.map((choice) => JSON.stringify(choice)).join(", ")}`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return choices.map(expectation).join(" or ");
  /** @type {Record<string, string>} */
  const words = {
    string: "a text",
    integer: "an integer",
    number: "a number",
    boolean: "a boolean",
    null: "null",
    array: "a list",
    object: "an object",
  };
  return [schema.type ?? []].flat().map((type) => words[type] ?? type).join(" or ") || "a JSON value";
}

/** @param {unknown} value */
function inWords(value) {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  if (typeof value === "string") return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  return typeof value === "number" ? `the number ${value}` : String(value);
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
function same(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
