import { expect, test } from "vitest";

import { columnsOf, csv, csvCell, type JobResult } from "../../src/job/results/rows";

function results(...data: unknown[]): JobResult[] {
  return data.map((each, at) => ({ seq: at + 1, time: "", attempt: 1, provisional: false, superseded: false, data: each as JobResult["data"] }));
}

test("results that are alike are a table, and others are not", () => {
  expect(columnsOf(results({ a: 1, b: 2 }, { a: 3, c: 4 }))).toEqual(["a", "b", "c"]);
  expect(columnsOf(results({ a: 1 }, [1]))).toBe(null);
  expect(columnsOf(results({ a: 1 }, { b: 1 }, { c: 1 }))).toBe(null);
  expect(columnsOf([])).toBe(null);
});

test("a table for spreadsheets is quoted, and no text in it is a formula", () => {
  expect(csv(["a", "b"], results({ a: 'say "hi"', b: 1 }, { b: { c: [1, 2] } }))).toBe('a,b\r\n"say ""hi""",1\r\n,"{""c"":[1,2]}"\r\n');
  expect(["=1+1", "@x", "-5", -5].map(csvCell)).toEqual(["'=1+1", "'@x", "'-5", "-5"]);
});
