// What a webhook was told, with each one to send once more.
import { Box, Button, Code, Group, SegmentedControl, Stack, Table, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, type Schemas } from "../api/client";
import { deliveriesQuery, queries, type DeliveryState } from "../api/queries";
import { Allowed } from "../show/Allowed";
import { Heading, Id, Time } from "../show/pieces";
import { Empty, Failure, Shown } from "../show/states";
import { DeliveryStanding } from "./Standing";

type Delivery = Schemas["WebhookDelivery"];

const STATES = [
  { value: "all", label: "All" },
  { value: "waiting", label: "Waiting" },
  { value: "delivered", label: "Delivered" },
  { value: "failed", label: "Failed" },
];

/** What the receiver said, or why it said nothing. */
function Answered({ delivery }: { delivery: Delivery }) {
  const { last_status: status, last_error: error, last_answer: said } = delivery;
  return (
    <Stack gap={2}>
      <Group gap={6} wrap="nowrap">
        {typeof status === "number" && <Code>{status}</Code>}
        {typeof error === "string" && <Text span fz="xs" style={{ overflowWrap: "anywhere" }}>{error}</Text>}
      </Group>
      {typeof said === "string" && <Tooltip label={said} multiline maw={420}><Text fz="xs" c="dimmed" truncate maw={300}>{said}</Text></Tooltip>}
    </Stack>
  );
}

function Row({ webhook, delivery }: { webhook: string; delivery: Delivery }) {
  const again = useMutation({
    mutationFn: () => answer(api.POST("/v1/webhooks/{webhook_id}/deliveries/{event_id}/resend", { params: { path: { webhook_id: webhook, event_id: delivery.event_id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["deliveries", webhook] }),
  });
  return (
    <Table.Tr data-event={delivery.event_id}>
      <Table.Td><Code>{delivery.type}</Code></Table.Td>
      <Table.Td>{typeof delivery.job_id === "string" ? <Id id={delivery.job_id} to={`/jobs/${delivery.job_id}`} what="the job's id" /> : "–"}</Table.Td>
      <Table.Td><DeliveryStanding delivery={delivery} /></Table.Td>
      <Table.Td className="figures">{delivery.attempts}</Table.Td>
      <Table.Td><Answered delivery={delivery} />{again.error !== null && <Failure error={again.error} />}</Table.Td>
      <Table.Td><Time at={delivery.created_at} /></Table.Td>
      <Table.Td>{typeof delivery.next_attempt_at === "string" ? <Time at={delivery.next_attempt_at} /> : "–"}</Table.Td>
      <Table.Td ta="right">
        <Allowed scope="webhooks:write"><Button size="compact-xs" variant="default" loading={again.isPending} disabled={delivery.under_way} onClick={() => again.mutate()} aria-label={`Send ${delivery.type} once more`}>Send again</Button></Allowed>
      </Table.Td>
    </Table.Tr>
  );
}

export function Deliveries({ webhook }: { webhook: string }) {
  const [state, setState] = useState("all");
  const deliveries = useInfiniteQuery(deliveriesQuery(webhook, state === "all" ? undefined : (state as DeliveryState)));
  const all = deliveries.data?.pages.flatMap((page) => page.deliveries);
  return (
    <>
      <Heading right={<SegmentedControl size="xs" data={STATES} value={state} onChange={setState} aria-label="Which deliveries" />}>Deliveries</Heading>
      <Shown<Delivery[]> of={{ data: all, error: deliveries.error, refetch: deliveries.refetch }} rows={4}>
        {(rows) => rows.length === 0 ? (
          <Empty icon={IconSend} title={state === "all" ? "Nothing was told yet" : `None is ${state}`} command={`cofferdam webhook test ${webhook}`}>Each job that ends and fits shows here, with what the receiver said.</Empty>
        ) : (
          <Box>
            <Table.ScrollContainer minWidth={860} type="native" tabIndex={0}>
              <Table fz="sm">
                <Table.Thead><Table.Tr><Table.Th>Event</Table.Th><Table.Th>Job</Table.Th><Table.Th>State</Table.Th><Table.Th>Attempts</Table.Th><Table.Th>Last answer</Table.Th><Table.Th>When</Table.Th><Table.Th>Next</Table.Th><Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>{rows.map((delivery) => <Row key={delivery.event_id} webhook={webhook} delivery={delivery} />)}</Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            {deliveries.hasNextPage && <Group justify="center" mt="sm"><Button size="xs" variant="default" loading={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>Older ones</Button></Group>}
          </Box>
        )}
      </Shown>
    </>
  );
}
