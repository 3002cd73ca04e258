// Who may use the host.
import { Badge, Button, Group, Modal, Paper, Table, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, type Schemas } from "../api/client";
import { queries, tokensQuery } from "../api/queries";
import { useNow } from "../show/now";
import { Time } from "../show/pieces";
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

function TokenTable({ tokens }: { tokens: Token[] }) {
  return (
    <Table.ScrollContainer minWidth={760} type="native" tabIndex={0}>
      <Table fz="sm">
        <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>Scopes</Table.Th><Table.Th>Modules</Table.Th><Table.Th>Made</Table.Th><Table.Th>Last used</Table.Th><Table.Th>Holds</Table.Th><Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {tokens.map((token) => (
            <Table.Tr key={token.id} c={token.revoked_at === null ? undefined : "dimmed"}>
              <Table.Td fw={550}>{token.name}</Table.Td>
              <Table.Td><Group gap={4}>{token.scopes.map((scope) => <Badge key={scope} size="sm" variant="default" tt="none">{scope}</Badge>)}</Group></Table.Td>
              <Table.Td>{token.modules === null ? "all" : token.modules?.join(", ")}</Table.Td>
              <Table.Td><Time at={token.created_at} /></Table.Td>
              <Table.Td><Time at={token.last_used_at ?? null} none="never" /></Table.Td>
              <Table.Td><Holds token={token} /></Table.Td>
              <Table.Td ta="right">
                {token.revoked_at === null && <RemoveButton verb="Revoke" what={`the token ${token.name}`} remove={() => revoke(token.id)}>Whoever holds it is out within two seconds, streams included. If it is your own, you are logged out.</RemoveButton>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

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
          ) : <TokenTable tokens={all} />}
        </Shown>
      </Paper>
      <Modal opened={making} onClose={() => setMaking(false)} title="Make a token" closeOnClickOutside={false}>
        {making && <TokenForm first={tokens.data?.length === 0} onDone={() => setMaking(false)} />}
      </Modal>
    </>
  );
}
