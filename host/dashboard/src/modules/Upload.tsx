// Drop a component; see what the host says of it; then add it, or not.
import { Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { notifications } from "@mantine/notifications";
import { IconFileUpload, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Dispatch, SetStateAction } from "react";
import { Link } from "react-router";

import { problemIn } from "../api/client";
import { queries } from "../api/queries";
import { bytes } from "../show/format";
import { Failure, Rows } from "../show/states";
import { Report } from "./Report";
import { choose, send, type Added, type Choice } from "./upload";

const PROSPECTS: Record<string, { color: string; word: string }> = {
  new: { color: "green", word: "new" },
  known: { color: "gray", word: "already here, the same bytes" },
  replaced: { color: "yellow", word: "would replace this version" },
  version_exists: { color: "yellow", word: "this version exists with other bytes" },
};

async function refreshModules(): Promise<void> {
  await Promise.all(["modules", "module", "report"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
}

function Confirm({ choice, examined, done }: { choice: Choice; examined: Added; done: () => void }) {
  const replace = examined.prospect === "version_exists" || examined.prospect === "replaced";
  const add = useMutation({
    mutationFn: () => send(choice, { dry_run: false, replace }),
    onSuccess: async (module) => {
      await refreshModules();
      notifications.show({ color: "green", message: `${module.id} is here.` });
      done();
    },
  });
  const prospect = PROSPECTS[examined.prospect ?? "new"];
  return (
    <Stack gap="sm">
      <Text fz="sm">{examined.description}</Text>
      <Report report={examined.report} size={examined.size_bytes} />
      {examined.signed_by !== null && <Text fz="sm">Signed by <b>{examined.signed_by}</b>. {examined.trusted_comment}</Text>}
      {add.error !== null && <Failure error={add.error} />}
      <Group gap="xs">
        {examined.prospect === "known" ? (
          <Button size="xs" variant="default" component={Link} to={`/modules/${encodeURIComponent(examined.id)}`}>Show it</Button>
        ) : (
          <Button size="xs" color={replace ? "red" : undefined} loading={add.isPending} onClick={() => add.mutate()}>
            {replace ? `Replace ${examined.id}` : `Add ${examined.id}`}
          </Button>
        )}
        {prospect !== undefined && <Badge variant="default" tt="none">{prospect.word}</Badge>}
        {replace && <Text fz="xs" c="dimmed">Older jobs keep the bytes that they were started with.</Text>}
      </Group>
    </Stack>
  );
}

function Candidate({ choice, remove }: { choice: Choice; remove: () => void }) {
  const { file, signature } = choice;
  const examined = useQuery({
    queryKey: ["examined", file.name, file.size, file.lastModified, signature],
    queryFn: () => send(choice, { dry_run: true, replace: false }),
    staleTime: Infinity, gcTime: 0,
  });
  return (
    <Paper p="md" component="section" aria-label={file.name}>
      <Group justify="space-between" wrap="nowrap" mb="sm">
        <Group gap="xs">
          <Text fw={650}>{examined.data?.id ?? file.name}</Text>
          <Text fz="xs" c="dimmed">{file.name}, {bytes(file.size)}{signature !== null && ", with its signature"}</Text>
        </Group>
        <Button size="compact-xs" variant="subtle" color="gray" flex="none" leftSection={<IconX size={14} />} onClick={remove}>Leave</Button>
      </Group>
      {examined.data !== undefined ? (
        <Confirm choice={choice} examined={examined.data} done={remove} />
      ) : examined.error !== null ? (
        <Failure error={examined.error} />
      ) : (
        <>
          <Text fz="sm" c="dimmed" mb="xs">The host looks at it: compiles it, asks it what it is…</Text>
          <Rows count={3} height={18} />
        </>
      )}
    </Paper>
  );
}

interface Props {
  /** What was dropped and is neither added nor left; whoever shows this keeps it. */
  choices: Choice[];
  setChoices: Dispatch<SetStateAction<Choice[]>>;
}

export function Upload({ choices, setChoices }: Props) {
  const take = (files: File[]): void => {
    choose(files).then(
      (more) => setChoices((known) => [...known, ...more]),
      (error: unknown) => notifications.show({ color: "red", message: problemIn(error).detail }),
    );
  };
  const remove = (gone: Choice) => () => setChoices((known) => known.filter((choice) => choice !== gone));
  return (
    <Stack mb="md" gap="sm">
      <Dropzone onDrop={take} p="lg" inputProps={{ "aria-label": "Components to add" }}>
        <Group justify="center" gap="sm" style={{ pointerEvents: "none" }}>
          <IconFileUpload size={32} stroke={1.5} aria-hidden />
          <div>
            <Text fw={600}>Drop components here, or click to choose</Text>
            <Text fz="sm" c="dimmed">*.wasm, with a signature (*.minisig) beside it if there is one. Nothing is added before you have seen what the host says of it.</Text>
          </div>
        </Group>
      </Dropzone>
      {choices.map((choice) => <Candidate key={`${choice.file.name}-${choice.file.lastModified}-${choice.file.size}`} choice={choice} remove={remove(choice)} />)}
    </Stack>
  );
}
