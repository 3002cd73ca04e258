import { expect, test } from "vitest";

import type { Module } from "../../src/api/client";
import { byName, compareVersions } from "../../src/modules/versions";

test("versions come in the order of semantic versioning", () => {
  const ordered = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.2.0", "1.10.0"];
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
});

test("a name means its highest version, a pre-release only when there is nothing else", () => {
  const module = (name: string, version: string) => ({ name, version, id: `${name}@${version}` }) as Module;
  const named = byName([module("b", "1.0.0"), module("b", "2.0.0-rc.1"), module("b", "1.9.0"), module("a", "0.1.0-beta")]);
  expect(named.map(({ newest }) => newest.id)).toEqual(["a@0.1.0-beta", "b@1.9.0"]);
  expect(named[1]?.versions.map(({ version }) => version)).toEqual(["2.0.0-rc.1", "1.9.0", "1.0.0"]);
});
