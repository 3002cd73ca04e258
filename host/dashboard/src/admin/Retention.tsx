// What is kept of ended jobs, how much there is, and what went when.
import { Box, Group, Progress, SimpleGrid, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import type { Schemas } from "../api/client";
import { retentionQuery, statusQuery } from "../api/queries";
import { ownTokenQuery } from "../api/rights";
import { bytes, number, plural, span } from "../show/format";
import { Fact, Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Empty, Shown } from "../show/states";
import { AGES, highBytes, keptBy, type Age, type Kept } from "./retention";

type Report = Schemas["Retention"];

const HEADS: Record<Age, string> = { completed: "Completed", failed: "Failed", stopped: "Stopped", logs: "Logs", checkpoints: "Checkpoints" };
/** What the host calls it, and what that means. */
const REASONS: Record<string, string> = { age: "older than the rules keep it", count: "there were more than may be kept", bytes: "the database was too full" };

function Limit({ text, own }: { text: string; own: boolean }) {
  return own ? <b>{text}</b> : <>{text}</>;
}

const COLUMNS: Column<Kept>[] = [
  { head: "Jobs of", plain: "title", cell: ({ module }) => <Text span inherit fw={550}>{module ?? "every module"}</Text> },
  ...AGES.map((age): Column<Kept> => ({
    head: HEADS[age],
    // Without an age of its own a part goes with the job.
    cell: ({ ages: { [age]: { limit, own } } }) => <Limit own={own} text={limit === null ? (age === "logs" || age === "checkpoints" ? "with the job" : "for good") : span(limit)} />,
  })),
  { head: "Jobs at most", cell: ({ jobs: { limit, own } }) => <Limit own={own} text={limit === null ? "any number" : number(limit)} /> },
];

interface FullProps {
  name: string;
  used: number | null;
  limit: number | null;
  text: (value: number) => string;
  /** From where on something goes. */
  high: number | null;
  children: string;
}

/** How much there is of what there may be. */
function Full({ name, used, limit, text, high, children }: FullProps) {
  const share = used === null || limit === null || limit === 0 ? 0 : Math.min(100, (used / limit) * 100);
  const color = used === null || limit === null ? undefined : used > limit ? "red" : high !== null && used > high ? "yellow" : undefined;
  return (
    <Box>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text fz="sm">{name}</Text>
        <Text fz="sm" className="figures"><b>{used === null ? "not added up yet" : text(used)}</b> <Text span inherit c="dimmed">{limit === null ? "without limit" : `of ${text(limit)}`}</Text></Text>
      </Group>
      <Progress value={share} color={color} size="sm" aria-label={name} />
      <Text fz="xs" c="dimmed" mt={4}>{children}</Text>
    </Box>
  );
}

function HowFull({ report: { database, rules } }: { report: Report }) {
  const { data: host } = useQuery(statusQuery);
  const ended = host === undefined ? null : host.jobs.completed + host.jobs.failed + host.jobs.stopped;
  const high = database.limit_bytes === null ? null : highBytes(database.limit_bytes);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl" verticalSpacing="md">
      <Full name="Database" used={database.used_bytes} limit={database.limit_bytes} high={high} text={bytes}>
        {high === null ? "Nothing goes because of its size." : `Above ${bytes(high)} the oldest ended jobs lose their logs, then their checkpoints, and then go.`}
      </Full>
      <Full name="Ended jobs" used={ended} limit={rules.jobs} high={null} text={number}>
        {rules.jobs === null ? "Nothing goes because of their number." : "The oldest of more go. Those that are to be kept do not count."}
      </Full>
    </SimpleGrid>
  );
}

function Gone({ removed }: { removed: Report["removed"] }) {
  const { last_at, last_reason, jobs, logs, results, checkpoints } = removed;
  if (last_at === null) return <Text fz="sm" c="dimmed">Nothing was removed so far.</Text>;
  return (
    <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm" verticalSpacing="xs">
      <Fact term="Removed last"><Time at={last_at} />{last_reason !== null && <Text fz="xs" c="dimmed">{REASONS[last_reason] ?? last_reason}</Text>}</Fact>
      <Fact term="Whole jobs">{number(jobs)}</Fact>
      <Fact term="Logs of jobs that stayed">{plural(logs, "time")}</Fact>
      <Fact term="Checkpoints of such">{plural(checkpoints, "time")}</Fact>
      <Fact term="Results, piece by piece">{plural(results, "time")}</Fact>
    </SimpleGrid>
  );
}

export function Retention() {
  const { data: own } = useQuery(ownTokenQuery);
  const ofSome = own !== undefined && own.modules !== null;
  const asked = useQuery({ ...retentionQuery, enabled: !ofSome });
  if (ofSome) return <Empty icon={IconLock} title="Your token is for some modules">Retention is of all of them.</Empty>;
  return (
    <Shown<Report> of={asked} rows={4}>
      {(report) => (
        <>
          <HowFull report={report} />
          <Text fz="sm" fw={600} mt="md">For how long, after a job&apos;s end</Text>
          <Records rows={keptBy(report.rules)} columns={COLUMNS} id={({ module }) => module ?? ""} minWidth={680} spacing={6} />
          {report.rules.modules.length > 0 && <Text fz="xs" c="dimmed" mt={4}>What a module has for itself stands in bold.</Text>}
          <Text fz="sm" fw={600} mt="md" mb={6}>What went</Text>
          <Gone removed={report.removed} />
        </>
      )}
    </Shown>
  );
}
