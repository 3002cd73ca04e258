// The kinds of grants, each as rows.
import { ActionIcon, Box, Button, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Schemas } from "../../api/client";

type Grants = Schemas["Grants"];

interface RowsProps<Row> {
  title: string;
  hint: string;
  rows: Row[];
  empty: Row;
  onChange: (rows: Row[]) => void;
  children: (row: Row, change: (row: Row) => void, name: string) => ReactNode;
}

function GrantRows<Row>({ title, hint, rows, empty, onChange, children }: RowsProps<Row>) {
  return (
    <Box>
      <Text fz="sm" fw={600}>{title}</Text>
      <Text fz="xs" c="dimmed" mb={6}>{hint}</Text>
      <Stack gap={6}>
        {rows.map((row, at) => (
          <Group key={at} gap="xs">
            {children(row, (next) => onChange(rows.map((known, index) => (index === at ? next : known))), `${title}, row ${at + 1}`)}
            <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${title}, row ${at + 1}`} onClick={() => onChange(rows.filter((_, index) => index !== at))}><IconTrash size={16} /></ActionIcon>
          </Group>
        ))}
        <Box><Button size="compact-xs" variant="default" leftSection={<IconPlus size={12} />} onClick={() => onChange([...rows, empty])}>Add</Button></Box>
      </Stack>
    </Box>
  );
}

type Http = NonNullable<Grants["http"]>[number];

/** `GET api.example.com`, as people write it; more is said in the JSON view. */
function hostOf(grant: Http): string {
  return typeof grant === "string" ? grant : grant.host;
}

function withHost(grant: Http, host: string): Http {
  return typeof grant === "string" ? host : { ...grant, host };
}

function more(grant: Http): string {
  if (typeof grant === "string") return "every method";
  const methods = grant.methods === undefined || grant.methods.length === 0 ? "every method" : grant.methods.join(", ");
  return `${methods}${grant.private === true ? ", private addresses" : ""}`;
}

/** Limits as the host writes them: numbers, and durations as text. */
function limit(text: string): number | string {
  return /^\d+$/.test(text.trim()) ? Number(text) : text;
}

export function GrantLists({ grants, onChange }: { grants: Grants; onChange: (grants: Grants) => void }) {
  const env = Object.entries((grants.env ?? {}) as Record<string, string>);
  const limits = Object.entries((grants.limits ?? {}) as Record<string, number | string>);
  return (
    <Stack gap="lg">
      <GrantRows title="Hosts over HTTP" hint="api.example.com, *.example.org:8443, http://a.example; methods and private addresses in the JSON view" rows={grants.http ?? []} empty="" onChange={(http) => onChange({ ...grants, http })}>
        {(row, change, name) => (
          <>
            <TextInput size="xs" w={300} aria-label={name} placeholder="api.example.com" value={hostOf(row)} onChange={(event) => change(withHost(row, event.currentTarget.value))} />
            <Text fz="xs" c="dimmed">{more(row)}</Text>
          </>
        )}
      </GrantRows>
      <GrantRows title="Folders" hint="A folder of this host, and where the module sees it" rows={grants.dirs ?? []} empty={{ host: "", guest: "", write: false }} onChange={(dirs) => onChange({ ...grants, dirs })}>
        {(row, change, name) => (
          <>
            <TextInput size="xs" w={220} aria-label={`${name}: on the host`} placeholder="/srv/data" value={row.host} onChange={(event) => change({ ...row, host: event.currentTarget.value })} />
            <TextInput size="xs" w={160} aria-label={`${name}: in the module`} placeholder="/data" value={row.guest} onChange={(event) => change({ ...row, guest: event.currentTarget.value })} />
            <Switch size="xs" label="may write" checked={row.write ?? false} onChange={(event) => change({ ...row, write: event.currentTarget.checked })} />
          </>
        )}
      </GrantRows>
      <GrantRows title="Variables" hint="What it finds in its environment" rows={env} empty={["", ""] as [string, string]} onChange={(rows) => onChange({ ...grants, env: Object.fromEntries(rows) })}>
        {([variable, value], change, name) => (
          <>
            <TextInput size="xs" w={160} aria-label={`${name}: name`} placeholder="MODE" value={variable} onChange={(event) => change([event.currentTarget.value, value])} />
            <TextInput size="xs" w={220} aria-label={`${name}: value`} placeholder="fast" value={value} onChange={(event) => change([variable, event.currentTarget.value])} />
          </>
        )}
      </GrantRows>
      <GrantRows title="Secrets" hint="A stored secret, and the variable in which the module finds its placeholder" rows={grants.secrets ?? []} empty={{ name: "", env: "" }} onChange={(secrets) => onChange({ ...grants, secrets })}>
        {(row, change, name) => (
          <>
            <TextInput size="xs" w={160} aria-label={`${name}: secret`} placeholder="api-key" value={row.name} onChange={(event) => change({ ...row, name: event.currentTarget.value })} />
            <TextInput size="xs" w={160} aria-label={`${name}: variable`} placeholder="API_KEY" value={row.env} onChange={(event) => change({ ...row, env: event.currentTarget.value })} />
          </>
        )}
      </GrantRows>
      <GrantRows title="Limits of its own" hint="Less than the host's: memory 67108864, max_duration 10m, log_bytes, http_requests, …" rows={limits} empty={["", ""] as [string, number | string]} onChange={(rows) => onChange({ ...grants, limits: Object.fromEntries(rows) as Grants["limits"] })}>
        {([key, value], change, name) => (
          <>
            <TextInput size="xs" w={160} aria-label={`${name}: limit`} placeholder="memory" value={key} onChange={(event) => change([event.currentTarget.value, value])} />
            <TextInput size="xs" w={160} aria-label={`${name}: value`} placeholder="67108864" value={String(value)} onChange={(event) => change([key, limit(event.currentTarget.value)])} />
          </>
        )}
      </GrantRows>
    </Stack>
  );
}
