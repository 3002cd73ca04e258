// Makes a token, and shows it once.
import { Alert, Button, Checkbox, Code, Group, MultiSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "../api/client";
import { modulesQuery, queries } from "../api/queries";
import { keepToken } from "../api/session";
import { Copy } from "../show/pieces";
import { Failure } from "../show/states";

const SCOPES: [string, string][] = [
  ["jobs:read", "look at jobs, results, checkpoints and events"],
  ["jobs:write", "start, resume and delete jobs"],
  ["jobs:stop", "ask jobs to stop"],
  ["logs:read", "read and follow logs"],
  ["modules:read", "look at modules"],
  ["modules:write", "add and remove modules"],
  ["webhooks:read", "look at webhooks and what they were told"],
  ["webhooks:write", "make, change, try and remove webhooks"],
  ["admin", "everything, tokens included"],
];

function Made({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Stack>
      <Alert color="green" variant="light" icon={<IconKey />} title="Copy it now">It is shown this once: the host keeps only its digest.</Alert>
      <Group gap={4} wrap="nowrap"><Code style={{ overflowWrap: "anywhere" }} data-secret>{secret}</Code><Copy text={secret} what="the token" /></Group>
      <Group justify="flex-end"><Button onClick={onDone}>I have it</Button></Group>
    </Stack>
  );
}

/** The first token closes the host to everybody without one: this tab goes on with it. */
export function TokenForm({ first, onDone }: { first: boolean; onDone: () => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(first ? ["admin"] : ["jobs:read", "logs:read", "modules:read"]);
  const [modules, setModules] = useState<string[]>([]);
  const [expires, setExpires] = useState("");
  // The first one is for all of them; and what is still on its way when it is made, would be refused.
  const known = useQuery({ ...modulesQuery, enabled: !first });
  const names = [...new Set((known.data ?? []).map((module) => module.name))].sort();
  const create = useMutation({
    mutationFn: () => {
      const limits = { ...(modules.length > 0 && { modules }), ...(expires.trim() !== "" && { expires_in: expires.trim() }) };
      return answer(api.POST("/v1/tokens", { body: { name, scopes, ...limits } }));
    },
    onSuccess: async ({ secret }) => {
      if (first) keepToken(secret);
      await Promise.all(["tokens", "own-token"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
  });
  if (create.data !== undefined) return <Made secret={create.data.secret} onDone={onDone} />;
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput label="Name" placeholder="Whose it is, or what for" value={name} onChange={(event) => setName(event.currentTarget.value)} required data-autofocus />
        <Checkbox.Group label="Scopes" value={scopes} onChange={setScopes}>
          <Stack gap={6} mt={6}>{SCOPES.map(([scope, what]) => <Checkbox key={scope} size="xs" value={scope} label={<><Code>{scope}</Code> {what}</>} disabled={first && scope !== "admin"} />)}</Stack>
        </Checkbox.Group>
        <MultiSelect label="For some modules alone" placeholder={modules.length === 0 ? "all modules" : undefined} data={names} value={modules} onChange={setModules} searchable clearable disabled={first} />
        <TextInput label="Expires after" description="Such as 30d; never unless given" value={expires} onChange={(event) => setExpires(event.currentTarget.value)} />
        {first && <Text fz="sm">From now on every request needs a token. This tab goes on with the new one.</Text>}
        {create.error !== null && <Failure error={create.error} />}
        <Group justify="flex-end"><Button type="submit" loading={create.isPending}>Make it</Button></Group>
      </Stack>
    </form>
  );
}
