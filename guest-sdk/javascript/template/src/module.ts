// Counts the words of texts. A start: replace it with work of your own.

import { defineModule, object } from "cofferdam-sdk";

// What a checkpoint holds.
const State = object({ done: { type: "integer" }, words: { type: "integer" } });

export const runner = defineModule({
  name: "{{name}}",
  version: "0.1.0",
  description: "Counts the words of texts",

  inputs: object({
    texts: { type: "array", items: { type: "string" }, description: "The texts whose words are counted." },
  }),
  settings: object({
    shortest: {
      type: "integer",
      minimum: 1,
      default: 1,
      description: "Words with fewer letters are left out.",
    },
  }),

  run(job, inputs, settings) {
    let { done, words } = job.checkpoint(State) ?? { done: 0, words: 0 };
    console.log(`counting from text ${done + 1} of ${inputs.texts.length}`);
    for (const text of inputs.texts.slice(done)) {
      if (job.isCancelled) return;
      const found = (text.match(/\S+/g) ?? []).filter((word) => word.length >= settings.shortest).length;
      job.saveResult({ text, words: found });
      done += 1;
      words += found;
      // Makes the results so far final. Where a step takes milliseconds, do this every few seconds instead.
      job.saveCheckpoint({ done, words });
      job.reportProgress(done, inputs.texts.length);
    }
    job.saveResult({ total: words });
  },
});
