// A module on StarlingMonkey, made from wit/ alone: it calls a server with the engine's own `fetch` and saves what came of
// it. What that throws, the job fails with.
import * as host from "cofferdam:module/job-context@0.1.0";

const inputsSchema = {
  type: "object",
  properties: {
    url: { type: "string", description: "The server to call." },
    body: { type: "string", description: "What is sent to it; without it the request is a GET." },
  },
  required: ["url"],
  additionalProperties: false,
};

export const runner = {
  describe() {
    return {
      name: "starlingmonkey",
      version: "0.1.0",
      description: "Calls servers with StarlingMonkey's own fetch; the inputs say which",
      inputsSchema: JSON.stringify(inputsSchema),
      settingsSchema: "{}",
    };
  },

  async run(job) {
    const { url, body } = JSON.parse(job.inputs);
    const options = body === undefined ? {} : { method: "POST", headers: { "x-sent-by": "starlingmonkey" }, body };
    try {
      const answer = await fetch(url, options);
      const result = { status: answer.status, body: await answer.text(), location: answer.headers.get("location") };
      host.saveResult(JSON.stringify(result));
    } catch (error) {
      throw { tag: "permanent", val: `${error}` };
    }
  },
};
