// Makes a schedule: what it starts by the module's own form, and when, with its next times while one types.
import { Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import type { RJSFSchema } from "@rjsf/utils";
import { IconBox } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, problemIn, type Module } from "../api/client";
import { modulesQuery, queries } from "../api/queries";
import { SchemaForm, type Value } from "../modules/start/SchemaForm";
import { absolute } from "../show/format";
import { Empty, Failure, Shown } from "../show/states";

const OVERLAPS = [
  { value: "skip", label: "Start nothing" },
  { value: "queue", label: "Let the new one wait" },
  { value: "replace", label: "Stop it, then start the new one" },
  { value: "allow", label: "Start the new one beside it" },
] as const;
const CATCH_UPS = [
  { value: "last", label: "Start the newest" },
  { value: "none", label: "Start none" },
  { value: "all", label: "Start each" },
] as const;

interface When {
  cron: string;
  zone: string;
}

/** The next times of a pattern, or what is wrong with it. */
function Preview({ when }: { when: When }) {
  const [{ cron, zone }] = useDebouncedValue(when, 300);
  const preview = useQuery({
    queryKey: ["schedule-preview", cron, zone],
    queryFn: ({ signal }) => answer(api.GET("/v1/schedule-preview", { params: { query: { cron, time_zone: zone, limit: 3 } }, signal })),
    enabled: cron.trim() !== "",
    retry: false,
  });
  const text = cron.trim() === "" ? " " : preview.error !== null ? problemIn(preview.error).detail : preview.data === undefined ? "…" : `In your own time: ${preview.data.times.map(absolute).join(" · ")}`;
  return <Text fz="xs" c={preview.error === null || cron.trim() === "" ? "dimmed" : "red.8"} mih={18} role="status">{text}</Text>;
}

/** Newest versions, once each: a name without a version is looked up at each run. */
function names(modules: Module[]): string[] {
  return [...new Set(modules.map((module) => module.name))];
}

function Maker({ modules, onDone }: { modules: Module[]; onDone: () => void }) {
  const [name, setName] = useState("");
  const [moduleName, setModuleName] = useState(modules[0]?.name ?? "");
  const [inputs, setInputs] = useState<Value>({});
  const [settings, setSettings] = useState<Value>({});
  const [when, setWhen] = useState<When>({ cron: "", zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const [overlap, setOverlap] = useState<string>("skip");
  const [catchUp, setCatchUp] = useState<string>("last");
  const [jitter, setJitter] = useState("");
  const module = modules.find((one) => one.name === moduleName);
  const make = useMutation({
    mutationFn: () => answer(api.POST("/v1/schedules", {
      body: {
        name,
        cron: when.cron,
        time_zone: when.zone,
        job: { module_id: moduleName, inputs, settings },
        overlap: overlap as (typeof OVERLAPS)[number]["value"],
        catch_up: { policy: catchUp as (typeof CATCH_UPS)[number]["value"] },
        ...(jitter.trim() !== "" && { jitter: jitter.trim() }),
      },
    })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["schedules"] });
      notifications.show({ color: "green", message: `${name} is made.` });
      onDone();
    },
  });
  const choose = (chosen: string): void => {
    setModuleName(chosen);
    setInputs({});
    setSettings({});
  };
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <form onSubmit={submit} aria-label="Make a schedule">
      <Stack gap="sm">
        <TextInput label="Name" placeholder="nightly-report" value={name} onChange={(event) => setName(event.currentTarget.value)} required data-autofocus />
        <NativeSelect label="Module" description="Its highest version at each run" data={names(modules)} value={moduleName} onChange={(event) => choose(event.currentTarget.value)} />
        {module !== undefined && (
          <>
            <div><Text fz="sm" fw={550} mb={4}>Inputs</Text><SchemaForm key={`inputs-${module.id}`} id="inputs" schema={module.inputs_schema as RJSFSchema} value={inputs} onChange={setInputs} /></div>
            <div><Text fz="sm" fw={550} mb={4}>Settings</Text><SchemaForm key={`settings-${module.id}`} id="settings" schema={module.settings_schema as RJSFSchema} value={settings} onChange={setSettings} /></div>
          </>
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput label="When" description="Minute, hour, day, month, weekday" placeholder="30 2 * * MON-FRI" value={when.cron} onChange={(event) => setWhen({ ...when, cron: event.currentTarget.value })} required />
          <TextInput label="Time zone" description="In which that is read" value={when.zone} onChange={(event) => setWhen({ ...when, zone: event.currentTarget.value })} required />
        </SimpleGrid>
        <Preview when={when} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <NativeSelect label="While the last one runs" data={[...OVERLAPS]} value={overlap} onChange={(event) => setOverlap(event.currentTarget.value)} />
          <NativeSelect label="What was missed" data={[...CATCH_UPS]} value={catchUp} onChange={(event) => setCatchUp(event.currentTarget.value)} />
          <TextInput label="Put off by up to" placeholder="30s" value={jitter} onChange={(event) => setJitter(event.currentTarget.value)} />
        </SimpleGrid>
        {make.error !== null && <Failure error={make.error} />}
        <Group justify="flex-end"><Button type="submit" loading={make.isPending}>Make it</Button></Group>
      </Stack>
    </form>
  );
}

export function ScheduleForm({ onDone }: { onDone: () => void }) {
  const modules = useQuery(modulesQuery);
  return (
    <Shown<Module[]> of={modules} rows={6}>
      {(all) => all.length === 0
        ? <Empty icon={IconBox} title="No modules" command="cofferdam module add module.wasm">A schedule starts a job of a module: add one first.</Empty>
        : <Maker modules={all} onDone={onDone} />}
    </Shown>
  );
}
