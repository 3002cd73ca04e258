// What the host says of a module before anybody runs it: what it reaches for, and what is other than before.
import { Alert, Badge, Code, Group, Stack, Text } from "@mantine/core";
import { IconShieldCheck, IconShieldQuestion } from "@tabler/icons-react";

import type { Schemas } from "../api/client";
import { bytes } from "../show/format";
import { Records, type Column } from "../show/Records";

type ModuleReport = Schemas["ModuleReport"];

const ACCESS: Record<string, { color: string; word: string }> = {
  always: { color: "gray", word: "always there" },
  granted: { color: "green", word: "granted" },
  denied: { color: "yellow", word: "not granted" },
  never: { color: "red", word: "never granted" },
};

type Import = ModuleReport["imports"][number];

function Access({ access }: { access: string }) {
  const { color, word } = ACCESS[access] ?? { color: "gray", word: access };
  return <Badge color={color} variant="default" tt="none">{word}</Badge>;
}

const COLUMNS: Column<Import>[] = [
  { head: "Reaches for", plain: "title", cell: (group) => <Text span inherit fw={550} title={group.interfaces.join("\n")}>{group.capability}</Text> },
  { head: "That is", cell: (group) => group.meaning },
  { head: "Access", cell: (group) => <Access access={group.access} /> },
];

export function Imports({ imports }: { imports: ModuleReport["imports"] }) {
  return <Records rows={imports} columns={COLUMNS} id={(group) => group.capability} minWidth={480} spacing={6} />;
}

function Names({ what, names }: { what: string; names: string[] }) {
  if (names.length === 0) return null;
  return <li>{what}: {names.map((name) => <Code key={name} mr={4}>{name}</Code>)}</li>;
}

export function Difference({ difference, size }: { difference: NonNullable<ModuleReport["difference"]>; size: number }) {
  const { before, before_size_bytes, capabilities_added, imports_added, imports_removed, inputs_schema_changed, settings_schema_changed } = difference;
  const grown = size - before_size_bytes;
  return (
    <Stack gap={4}>
      <Text fz="sm" fw={600}>Other than in {before}</Text>
      <ul className="plain">
        <Names what="Reaches for more" names={capabilities_added} />
        <Names what="New imports" names={imports_added} />
        <Names what="Imports that are gone" names={imports_removed} />
        {inputs_schema_changed && <li>It takes other inputs.</li>}
        {settings_schema_changed && <li>It takes other settings.</li>}
        <li>{bytes(size)}{grown === 0 ? ", as before" : `, ${bytes(Math.abs(grown))} ${grown > 0 ? "more" : "less"} than before`}.</li>
      </ul>
    </Stack>
  );
}

export function Report({ report, size }: { report: ModuleReport; size: number }) {
  const { grants_needed, difference, imports } = report;
  const asks = grants_needed.length > 0;
  return (
    <Stack gap="sm">
      <Alert variant="light" color={asks ? "yellow" : "green"} icon={asks ? <IconShieldQuestion /> : <IconShieldCheck />} p="xs">
        {asks ? (
          <Group gap={6}><Text fz="sm">To use all that it imports it would need grants:</Text>{grants_needed.map((name) => <Code key={name}>{name}</Code>)}<Text fz="sm">It has none until you give them; toolchains often import what a module never uses.</Text></Group>
        ) : <Text fz="sm">It needs no grants: it computes, and reaches nothing outside.</Text>}
      </Alert>
      {difference !== null && difference !== undefined && <Difference difference={difference} size={size} />}
      <Imports imports={imports} />
    </Stack>
  );
}
