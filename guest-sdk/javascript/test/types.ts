// Checked by `tsc` alone: what types the schemas become.
import { Type } from "@sinclair/typebox";

import { defineModule, object, type FromSchema, type Job } from "../src/index.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>(): void => {};

const inputs = object(
  {
    texts: { type: "array", items: { type: "string" } },
    mode: { enum: ["fast", "slow"], default: "fast" },
    limit: { type: ["integer", "null"] },
    note: { type: "string" },
    weights: { type: "object", additionalProperties: { type: "number" } },
    nested: object({ n: { type: "integer", default: 0 } }),
    either: { anyOf: [{ type: "boolean" }, { const: "auto" }] },
    any: {},
  },
  { optional: ["note"] },
);

defineModule({
  name: "types",
  version: "0.1.0",
  inputs,
  run(job, inputs, settings) {
    holds<
      Same<
        typeof inputs,
        {
          texts: string[];
          mode: "fast" | "slow";
          limit: number | null;
          weights: Record<string, number>;
          nested: { n: number };
          either: boolean | "auto";
          any: unknown;
          note?: string;
        }
      >
    >();
    holds<Same<typeof settings, {}>>();
    holds<Same<typeof job, Job>>();
    const state = job.checkpoint(object({ done: { type: "integer" } }));
    holds<Same<typeof state, { done: number } | undefined>>();
    const raw = job.checkpoint();
    holds<Same<typeof raw, Record<string, unknown> | undefined>>();
    console.critical("also typed");
    // @ts-expect-error: `optional` names properties
    object({ a: {} }, { optional: ["b"] });
    // @ts-expect-error: JSON has no such value
    job.saveResult("text");
  },
});

// A plain JSON Schema, without any help.
const plain = {
  type: "object",
  properties: { a: { type: "integer" }, b: { type: "integer" } },
  required: ["a"],
} as const;
holds<Same<FromSchema<typeof plain>, { a: number; b?: number }>>();

const typebox = Type.Object({ a: Type.Integer(), b: Type.Optional(Type.String()) });
defineModule({
  name: "types",
  version: "0.1.0",
  inputs: typebox,
  run(_job, inputs) {
    holds<Same<typeof inputs, { a: number; b?: string }>>();
  },
});
