// Who may use the host.
import { Badge, Button, Group, Modal, Paper, Text, Title } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, type Schemas } from "../api/client";
import { queries, tokensQuery } from "../api/queries";
import { useNow } from "../show/now";
import { Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Empty, Shown } from "../show/states";
import { RemoveButton } from "./RemoveButton";
import { TokenForm } from "./TokenForm";

type Token = Schemas["Token"];

const revoke = async (id: string): Promise<void> => {
  await answer(api.DELETE("/v1/tokens/{token_id}", { params: { path: { token_id: id } } }));
  await queries.invalidateQueries({ queryKey: ["tokens"] });
};

function Holds({ token }: { token: Token }) {
  const now = useNow();
  if (token.revoked_at !== null) return <Badge size="sm" variant="default" tt="none">revoked</Badge>;
  const expired = typeof token.expires_at === "string" && Date.parse(token.expires_at) <= now;
  if (expired) return <Badge size="sm" variant="default" tt="none">expired</Badge>;
  return token.expires_at === null ? <>for good</> : <>expires <Time at={token.expires_at ?? null} /></>;
}

const COLUMNS: Column<Token>[] = [
  { head: "Name", plain: "title", cell: (token) => <Text span inherit fw={550}>{token.name}</Text> },
  { head: "Scopes", cell: (token) => <Group gap={4}>{token.scopes.map((scope) => <Badge key={scope} size="sm" variant="default" tt="none">{scope}</Badge>)}</Group> },
  { head: "Modules", cell: (token) => token.modules?.join(", ") ?? "all" },
  { head: "Made", cell: (token) => <Time at={token.created_at} /> },
  { head: "Last used", cell: (token) => <Time at={token.last_used_at ?? null} none="never" /> },
  { head: "Holds", cell: (token) => <Holds token={token} /> },
  {
    head: "Actions",
    plain: "actions",
    cell: (token) => token.revoked_at === null && (
      <Group justify="flex-end"><RemoveButton verb="Revoke" what={`the token ${token.name}`} remove={() => revoke(token.id)}>Whoever holds it is out within two seconds, streams included. If it is your own, you are logged out.</RemoveButton></Group>
    ),
  },
];

export function Page() {
  const tokens = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  return (
    <>
      <Group justify="space-between" mb={4}>
        <Title order={1}>Tokens</Title>
        {/* Whether it would be the first one is known only once the list is here. */}
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setMaking(true)} disabled={tokens.data === undefined}>Make a token</Button>
      </Group>
      <Text fz="sm" c="dimmed" mb="md" maw={720}>As long as none was ever made, everybody on this machine may do everything. From the first one on, every request needs one.</Text>
      <Paper p="md">
        <Shown<Token[]> of={tokens} rows={3}>
          {(all) => all.length === 0 ? (
            <Empty icon={IconKey} title="No tokens" command="cofferdam token create ada --scope admin">The first one must be an administrator&apos;s. Keep it: it is shown once.</Empty>
          ) : <Records rows={all} columns={COLUMNS} id={(token) => token.id} minWidth={760} isDim={(token) => token.revoked_at !== null} />}
        </Shown>
      </Paper>
      <Modal opened={making} onClose={() => setMaking(false)} title="Make a token" closeOnClickOutside={false}>
        {making && <TokenForm first={tokens.data?.length === 0} onDone={() => setMaking(false)} />}
      </Modal>
    </>
  );
}
