// Makes a schedule, or changes one: what it starts by the module's own form, and when, with its next times while one types.
import { Box, Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconBox, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, problemIn, type Module } from "../api/client";
import { modulesQuery, queries } from "../api/queries";
import { useMay } from "../api/rights";
import { NOT_EXACT, isExact, isWhole, type Change } from "../modules/start/draft";
import { Given } from "../modules/start/Given";
import { Options } from "../modules/start/Options";
import { byName } from "../modules/versions";
import { absolute } from "../show/format";
import { Empty, Failure, Shown } from "../show/states";
import { CATCH_UPS, OVERLAPS, draftOf, isUnusual, keptTexts, moduleOf, nameIn, requestOf, type Schedule, type ScheduleDraft } from "./draft";
import classes from "./ScheduleForm.module.css";

/** What is to become of a schedule that there is: the same one otherwise, or another one like it. */
export interface From {
  schedule: Schedule;
  as: "change" | "copy";
}

interface Props {
  from: From | null;
  onDone: (made: Schedule) => void;
}

interface Part {
  draft: ScheduleDraft;
  change: Change<ScheduleDraft>;
}

/** The next times of a pattern, or what is wrong with it. */
function Preview({ draft }: { draft: ScheduleDraft }) {
  const [cron] = useDebouncedValue(draft.cron, 300);
  const [zone] = useDebouncedValue(draft.zone, 300);
  const preview = useQuery({
    queryKey: ["schedule-preview", cron, zone],
    queryFn: ({ signal }) => answer(api.GET("/v1/schedule-preview", { params: { query: { cron, time_zone: zone, limit: 3 } }, signal })),
    enabled: cron.trim() !== "",
    retry: false,
  });
  const text = cron.trim() === "" ? " " : preview.error !== null ? problemIn(preview.error).detail : preview.data === undefined ? "…" : `In your own time: ${preview.data.times.map(absolute).join(" · ")}`;
  return <Text fz="xs" c={preview.error === null || cron.trim() === "" ? "dimmed" : "red.8"} mih={18} role="status">{text}</Text>;
}

/** Names, whose highest version is looked up at each run; and versions, which stay what they are. */
function choices(modules: Module[], chosen: string) {
  const named = byName(modules);
  const names = named.map(({ name }) => name);
  const versions = named.flatMap((each) => each.versions.map(({ id }) => id));
  const unknown = [...names, ...versions].includes(chosen) ? [] : [{ group: "As it is", items: [chosen] }];
  return [...unknown, { group: "The highest version at each run", items: names }, { group: "Always this version", items: versions }];
}

function What({ modules, draft, change }: Part & { modules: Module[] }) {
  const choose = (module: string): void => {
    const other = nameIn(modules, module) !== nameIn(modules, draft.module);
    // What another module was given is nothing for this one.
    change({ module, ...(other && { inputs: {}, settings: {}, texts: null, kept: { ...draft.kept, checkpoint: null } }) });
  };
  const module = moduleOf(modules, draft.module);
  return (
    <>
      {modules.length === 0 ? (
        <TextInput label="Module" description="NAME, or NAME@VERSION" value={draft.module} onChange={(event) => change({ module: event.currentTarget.value })} required />
      ) : (
        <NativeSelect label="Module" data={choices(modules, draft.module)} value={draft.module} onChange={(event) => choose(event.currentTarget.value)} />
      )}
      <Given key={module?.id ?? ""} module={module} draft={draft} change={change} />
    </>
  );
}

function When({ draft, change }: Part) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput label="When" description="Minute, hour, day, month, weekday" placeholder="30 2 * * MON-FRI" value={draft.cron} onChange={(event) => change({ cron: event.currentTarget.value })} required />
        <TextInput label="Time zone" description="In which that is read" value={draft.zone} onChange={(event) => change({ zone: event.currentTarget.value })} required />
      </SimpleGrid>
      <Preview draft={draft} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <NativeSelect label="While the last one runs" data={OVERLAPS} value={draft.overlap} onChange={(event) => change({ overlap: event.currentTarget.value as ScheduleDraft["overlap"] })} />
        <NativeSelect label="What was missed" data={CATCH_UPS} value={draft.catchUp} onChange={(event) => change({ catchUp: event.currentTarget.value as ScheduleDraft["catchUp"] })} />
        <TextInput label="Put off by up to" placeholder="30s" value={draft.jitter} onChange={(event) => change({ jitter: event.currentTarget.value })} />
        <Switch label="Paused: starts nothing for now" checked={draft.paused} onChange={(event) => change({ paused: event.currentTarget.checked })} className={classes.switch} />
      </SimpleGrid>
    </>
  );
}

function More({ draft, change }: Part) {
  // Only at first: what somebody opened stays open.
  const [open] = useState(() => isUnusual(draft));
  const kept = keptTexts(draft.kept);
  return (
    <details open={open}>
      <summary className={classes.more}>More: how it runs, what is late</summary>
      <Stack gap="sm" pt="sm">
        <Options draft={draft} change={change} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          <TextInput size="xs" label="Counts as missed after" description="From one second to a day" value={draft.lateAfter} onChange={(event) => change({ lateAfter: event.currentTarget.value })} />
          <TextInput size="xs" label="Made up for up to" description="Older ones are not started any more" value={draft.catchUpAge} onChange={(event) => change({ catchUpAge: event.currentTarget.value })} />
          {draft.catchUp === "all" && <NumberInput size="xs" label="Of each, at most" description="The newest of those that were missed" value={draft.catchUpLimit} onChange={(value) => change({ catchUpLimit: Number(value) || 1 })} min={1} max={1000} />}
        </SimpleGrid>
        {kept.length > 0 && (
          <Box>
            <Text fz="xs" fw={500} mb={4}>Stays as it is</Text>
            <Group gap={6}>
              {kept.map(([what, text]) => <Button key={what} size="compact-xs" variant="default" rightSection={<IconX size={12} aria-hidden />} onClick={() => change({ kept: { ...draft.kept, [what]: null } })} aria-label={`Leave out: ${text}`}>{text}</Button>)}
            </Group>
          </Box>
        )}
      </Stack>
    </details>
  );
}

/** Sends it; a schedule that somebody else has changed meanwhile is left as it is. */
async function put(draft: ScheduleDraft, from: From | null): Promise<Schedule> {
  const body = requestOf(draft);
  if (from?.as !== "change") return answer(api.POST("/v1/schedules", { body }));
  const params = { path: { schedule_id: from.schedule.id } };
  const now = await answer(api.GET("/v1/schedules/{schedule_id}", { params }));
  if (now.updated_at !== from.schedule.updated_at) throw new Error("Somebody else has changed this schedule while you did. Close this form and look at it anew.");
  return answer(api.PUT("/v1/schedules/{schedule_id}", { params, body }));
}

function Maker({ modules, from, onDone }: Props & { modules: Module[] }) {
  const [draft, setDraft] = useState(() => {
    const known = draftOf(from?.schedule, byName(modules)[0]?.name ?? "");
    return from?.as === "copy" ? { ...known, name: `${known.name}-copy` } : known;
  });
  const change = (next: Partial<ScheduleDraft>): void => setDraft((known) => ({ ...known, ...next }));
  const changes = from?.as === "change";
  const exact = isExact(draft.kept.checkpoint);
  const make = useMutation({
    mutationFn: () => put(draft, from),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ["schedules"] });
      notifications.show({ color: "green", message: `${made.name} is ${changes ? "changed" : "made"}.` });
      onDone(made);
    },
  });
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit} aria-label={changes ? "Change the schedule" : "Make a schedule"}>
      <Stack gap="sm">
        <TextInput label="Name" placeholder="nightly-report" value={draft.name} onChange={(event) => change({ name: event.currentTarget.value })} required data-autofocus />
        <What modules={modules} draft={draft} change={change} />
        <When draft={draft} change={change} />
        <More draft={draft} change={change} />
        {!exact && <Text fz="sm" c="red.8" role="alert">The checkpoint from which it begins: {NOT_EXACT}</Text>}
        {make.error !== null && <Failure error={make.error} />}
        <Group justify="flex-end" className={classes.end}><Button type="submit" loading={make.isPending} disabled={!isWhole(draft) || !exact}>{changes ? "Save" : "Make it"}</Button></Group>
      </Stack>
    </form>
  );
}

export function ScheduleForm({ from, onDone }: Props) {
  const may = useMay();
  const modules = useQuery({ ...modulesQuery, enabled: may("modules:read") });
  if (!may("modules:read")) return <Maker modules={[]} from={from} onDone={onDone} />;
  return (
    <Shown<Module[]> of={modules} rows={6}>
      {(all) => all.length === 0 && from === null
        ? <Empty icon={IconBox} title="No modules" command="cofferdam module add module.wasm">A schedule starts a job of a module: add one first.</Empty>
        : <Maker modules={all} from={from} onDone={onDone} />}
    </Shown>
  );
}
