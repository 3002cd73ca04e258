// What became of the occurrences of a schedule: each with its job as it stands now, or why there is none.
import { Box, Button, Group, Text } from "@mantine/core";
import { IconCalendarRepeat } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";

import { ProblemError, type Job } from "../api/client";
import { forgetUnseen, useUnseen } from "../api/live";
import { jobQuery, jobsQuery, queries, scheduleRunsQuery } from "../api/queries";
import { absolute, duration, durationMs, number } from "../show/format";
import { Heading, Id, RanFor, Time } from "../show/pieces";
import { Records, type Column } from "../show/Records";
import { Empty, Shown } from "../show/states";
import { Status } from "../show/Status";
import type { Schedule } from "./draft";
import { OutcomeStanding, type Run } from "./Outcome";

/** So many occurrences are shown at first, and with each wish for more. */
const STEP = 25;

/** The jobs that the schedule has started, as far as they are loaded. */
interface Jobs {
  loaded: boolean;
  find: (id: string) => Job | undefined;
  /** Whether a job of the schedule would be among those that are loaded. */
  reaches: (id: string) => boolean;
}

/** Loads them back to the occurrence that is shown last. */
function useJobs(schedule: Schedule, runs: Run[] | undefined, shown: number): Jobs {
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(jobsQuery({ schedule: schedule.id }));
  const jobs = useMemo(() => new Map(data?.pages.flatMap((page) => page.jobs).map((job) => [job.id, job])), [data]);
  // Ids grow with time.
  const [newest = "", oldest = ""] = [[...jobs.keys()][0], [...jobs.keys()].at(-1)];
  const wanted = runs?.slice(0, shown).findLast((run) => run.outcome === "started")?.job_id ?? "";
  const lacks = wanted !== "" && wanted < oldest && hasNextPage;
  useEffect(() => {
    if (lacks && !isFetching) void fetchNextPage();
  }, [lacks, isFetching, fetchNextPage]);
  return { loaded: data !== undefined, find: (id) => jobs.get(id), reaches: (id) => id < newest && (id > oldest || !hasNextPage) };
}

/** Occurrences come by themselves: what starts a job is told at once, and the rest is looked for now and then. */
function useNewest(schedule: Schedule, runs: Run[] | undefined): void {
  const unseen = useUnseen();
  const newest = runs?.[0]?.seq;
  const known = useRef(newest);
  useEffect(() => {
    if (unseen === 0) return;
    forgetUnseen();
    void queries.invalidateQueries({ queryKey: ["schedules", schedule.id] });
    void queries.invalidateQueries({ queryKey: ["jobs", { schedule: schedule.id }] });
  }, [unseen, schedule.id]);
  useEffect(() => {
    if (known.current !== undefined && known.current !== newest) void queries.invalidateQueries({ queryKey: ["jobs", { schedule: schedule.id }] });
    known.current = newest;
  }, [newest, schedule.id]);
}

/** A job as it stands now. With a unique key one may be in the way that the schedule has not started; such a one is asked for. */
function JobLine({ id, jobs, own }: { id: string; jobs: Jobs; own: boolean }) {
  const listed = jobs.find(id);
  const gone = listed === undefined && own && jobs.reaches(id);
  const asked = useQuery({ ...jobQuery(id), enabled: jobs.loaded && listed === undefined && !gone, retry: false });
  const job = listed ?? asked.data;
  if (gone || (job === undefined && asked.error instanceof ProblemError && asked.error.problem.status === 404)) {
    return <Text span inherit c="dimmed" title={id}>a job that is deleted</Text>;
  }
  return (
    <Group gap={8}>
      <Id id={id} to={`/jobs/${id}`} what="the job's id" />
      {job !== undefined && <><Status status={job.status} /><RanFor job={job} /></>}
    </Group>
  );
}

/** The job of an occurrence, or why there is none. */
function Came({ run, schedule, jobs }: { run: Run; schedule: Schedule; jobs: Jobs }) {
  const late = Date.parse(run.at) - Date.parse(run.scheduled_for);
  const usual = (durationMs(schedule.late_after) ?? 0) + (durationMs(schedule.jitter) ?? 0);
  const job = run.job_id !== null && <JobLine id={run.job_id} jobs={jobs} own={run.outcome === "started"} />;
  switch (run.outcome) {
    case "started":
      return <Group gap={8}>{job}<Text span fz="xs" c="dimmed">{run.by_hand ? "by hand" : late > usual && `made up for, ${duration(late)} late`}</Text></Group>;
    case "skipped":
      return <Group gap={8}><Text span inherit>This one had not ended:</Text>{job}</Group>;
    case "missed":
      return <Text span inherit>No host was there in time{run.missed_until !== null && run.missed_until !== run.scheduled_for && `, for all up to ${absolute(run.missed_until)}`}.</Text>;
    case "refused":
      return <Text span inherit style={{ overflowWrap: "anywhere" }}>{run.problem}</Text>;
  }
}

function columnsOf(schedule: Schedule, jobs: Jobs): Column<Run>[] {
  return [
    { head: "Occurrence", plain: "title", width: "290px", cell: (run) => <Group gap={8} wrap="nowrap"><span className="nowrap figures">{absolute(run.scheduled_for)}</span><Text span fz="xs" c="dimmed"><Time at={run.scheduled_for} /></Text></Group> },
    { head: "Came to", width: "120px", cell: (run) => <OutcomeStanding run={run} /> },
    { head: "Job, or why none", cell: (run) => <Came run={run} schedule={schedule} jobs={jobs} /> },
  ];
}

export function History({ schedule }: { schedule: Schedule }) {
  const runs = useQuery(scheduleRunsQuery(schedule.id));
  const [shown, setShown] = useState(STEP);
  const jobs = useJobs(schedule, runs.data, shown);
  useNewest(schedule, runs.data);
  const remembered = runs.data !== undefined && runs.data.length > 0 && <Text fz="xs" c="dimmed" className="figures">{number(runs.data.length)} remembered</Text>;
  return (
    <>
      <Heading right={remembered}>Occurrences</Heading>
      <Shown<Run[]> of={runs} rows={4}>
        {(all) => all.length === 0 ? (
          <Empty icon={IconCalendarRepeat} title="None has come yet" command={`cofferdam schedule run ${schedule.name}`}>Each shows here, with its job, or why there is none.</Empty>
        ) : (
          <Box>
            <Records rows={all.slice(0, shown)} columns={columnsOf(schedule, jobs)} id={(run) => run.seq} minWidth={860} />
            {all.length > shown && <Group justify="center" mt="sm"><Button size="xs" variant="default" onClick={() => setShown(shown + STEP)}>Show older</Button></Group>}
          </Box>
        )}
      </Shown>
    </>
  );
}
