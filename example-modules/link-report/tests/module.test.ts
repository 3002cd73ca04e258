import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { run } from "cofferdam-sdk/testing";

import { readPage } from "../src/markdown.js";
import { runner } from "../src/module.js";

const attributes = readFileSync("data/attributes.md", "utf8");

test("a real document has the links that a complete Markdown parser finds", () => {
  const [report, summary] = run(runner, { documents: { "docs/attributes.md": attributes } }).results;
  const target = "trait.JsonSchema.html#method.inline_schema";
  const problems = [{ line: 365, target, problem: "`docs/trait.JsonSchema.html` is not among the documents" }];
  assert.deepEqual(report, { document: "docs/attributes.md", links: 87, external: 47, problems });
  assert.deepEqual([summary?.documents, summary?.links, summary?.problems], [1, 87, 1]);
});

test("a stopped report goes on and says the same", () => {
  const documents = { "a.md": attributes, "b.md": "[a](a.md#rename) [c](c.md) [d](https://example.com)" };
  const whole = run(runner, { documents });
  const stopped = run(runner, { documents }, { cancelAfter: 1 });
  assert.equal(stopped.results.length, 1);
  const resumed = run(runner, { documents }, { checkpoint: stopped.checkpoints.at(-1), attempt: 2 });
  assert.deepEqual([...stopped.results, ...resumed.results], whole.results);
});

test("links that lead nowhere are named with their line and reason", () => {
  const recording = run(runner, {
    documents: {
      "docs/start.md": "# One\n\n[a](#one) [b](#two) [c](../README.md#top) [d](end.md) [e]() <https://example.com/>\n",
      "README.md": "<a id='top'></a>\n[x](docs/start.md) [y](mailto:a@example.com) [z](/docs/start.md#one)\n",
    },
  });
  const [start, readme] = recording.results;
  assert.deepEqual(start?.problems, [
    { line: 3, target: "#two", problem: "`docs/start.md` has no heading or anchor `two`" },
    { line: 3, target: "end.md", problem: "`docs/end.md` is not among the documents" },
    { line: 3, target: "", problem: "leads nowhere" },
  ]);
  assert.deepEqual([start?.links, readme?.links, readme?.problems], [6, 3, []]);
  assert.deepEqual(recording.log[0], ["warn", "docs/start.md:3: #two: `docs/start.md` has no heading or anchor `two`"]);
});

test("code is passed over, and repeated headings are numbered", () => {
  const page = readPage("# A *b*, c!\n# A b c\n```md\n[no](x)\n# no\n```\n`[no](x)` [![badge](i.svg)](y) [r][^1]\n\n[r]: z\n[^1]: note\n");
  assert.deepEqual(page.links.map(({ target }) => target), ["y", "i.svg", "z"]);
  assert.deepEqual([...page.anchors], ["a-b-c", "a-b-c-1"]);
});
