import { execFileSync } from "node:child_process";

import { expect, test } from "vitest";

import { isExact, objectsIn } from "../../src/modules/start/draft";
import { cofferdamLine, curlLine, quoted } from "../../src/modules/start/commands";
import { titled } from "../../src/modules/start/titles";
import { validator } from "../../src/modules/start/validator";

test("what is quoted reaches a program as it was", () => {
  for (const text of ["plain", "it's", "$HOME `x` \"y\" \\ !", "a\nb", "-x; rm", ""]) {
    expect(execFileSync("sh", ["-c", `printf %s ${quoted(text)}`], { encoding: "utf8" })).toBe(text);
  }
});

test("the lines for a terminal say the same as the form", () => {
  const request = { module_id: "hello@1.0.0", inputs: { name: "it's" }, max_duration: "2h", retry: { max_attempts: 3, backoff: "10s" } };
  expect(cofferdamLine(request, "http://127.0.0.1:7171")).toBe(
    `cofferdam job start hello@1.0.0 --inputs '{"name":"it'\\''s"}' --max-duration 2h --max-attempts 3 --backoff 10s --follow`,
  );
  expect(cofferdamLine({ module_id: "hello" }, "https://jobs.example.org")).toContain("--server https://jobs.example.org");
  expect(cofferdamLine({ module_id: "hello", priority: -5, labels: { team: "bill ing" } }, "http://127.0.0.1:7171")).toBe(
    "cofferdam job start hello --priority=-5 --label 'team=bill ing' --follow",
  );
  const curl = curlLine(request, "http://127.0.0.1:7171", true);
  expect(curl).toContain('-H "authorization: Bearer $COFFERDAM_TOKEN"');
  expect(curl).toContain(quoted(JSON.stringify(request)));
});

const schema = {
  type: "object", additionalProperties: false, required: ["limit", "who"],
  properties: { limit: { type: "integer", minimum: 0 }, who: { $ref: "#/$defs/Who" } },
  $defs: { Who: { type: "object", required: ["name"], properties: { name: { type: "string", minLength: 2 } } } },
} as const;

test("a form is told what is wrong at the field where it is wrong, and only there", () => {
  const { errors } = validator.validateFormData({ limit: -1, who: { name: "x" } }, schema as never);
  expect(errors.map(({ property }) => property)).toEqual([".limit", ".who.name"]);
  const missing = validator.validateFormData({ limit: 1 }, schema as never);
  expect(missing.errors.map(({ property, message }) => [property, message])).toEqual([[".who", "is needed"]]);
  expect(validator.validateFormData({ limit: 1, who: { name: "ada" } }, schema as never).errors).toEqual([]);
});

test("a part of a schema finds what the whole defines", () => {
  const part = schema.properties.who as never;
  expect(validator.isValid(part, { name: "ada" }, schema as never)).toBe(true);
  expect(validator.isValid(part, {}, schema as never)).toBe(false);
});

test("choices without a title are told apart by their constant", () => {
  const options = { oneOf: [{ type: "object", properties: { kind: { const: "circle" } } }, { title: "Mine" }, { description: "Says what it is. And more." }] };
  const shown = titled(options as never);
  expect(shown.oneOf?.map((option) => (option as { title?: string }).title)).toEqual(["circle", "Mine", "Says what it is"]);
});

test("whole numbers that a browser would change are not sent, wherever they stand", () => {
  const parsed = (text: string): boolean => isExact(JSON.parse(text));
  for (const text of ["9007199254740991", "-9007199254740991", "0.1", "1e300", '{"a": [1, "9007199254740993"]}', "null"]) expect([text, parsed(text)]).toEqual([text, true]);
  for (const text of ["9007199254740993", "-9007199254740993", "18446744073709551615", '{"a": [{"b": 9007199254740993}]}']) expect([text, parsed(text)]).toEqual([text, false]);
  expect(objectsIn({ inputs: '{"a": 9007199254740993}', settings: "" })).toBe(null);
  expect(objectsIn({ inputs: '{"a": 1}', settings: "" })).toEqual({ inputs: { a: 1 }, settings: {} });
});
