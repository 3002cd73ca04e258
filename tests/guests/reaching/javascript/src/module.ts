// Calls a server with the JavaScript SDK and saves what came of it.

import { defineModule, object } from "cofferdam-sdk";
import { fetch } from "cofferdam-sdk/http";

export const runner = defineModule({
  name: "reaching-javascript",
  version: "0.1.0",
  description: "Calls servers with the JavaScript SDK; the inputs say which",
  inputs: object(
    {
      url: { type: "string", description: "The server to call." },
      body: { type: "string", description: "What is sent to it; without it the request is a GET." },
      timeout_ms: { type: "integer", default: 30_000, description: "How long the server may take." },
    },
    { optional: ["body"] },
  ),
  run(job, { url, body, timeout_ms: timeoutMs }) {
    const headers = { "x-sent-by": "javascript" };
    const answer = body === undefined ? fetch(url, { timeoutMs }) : fetch(url, { method: "POST", headers, body });
    job.saveResult({ status: answer.status, body: answer.text(), location: answer.headers.get("location") });
  },
});
