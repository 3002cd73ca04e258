// The log of a job, live, with what narrows it.
import { Box, Button, Group, Paper, Select, Switch, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useMediaQuery } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconArrowDown, IconDownload, IconEraser, IconFileText, IconSearch } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useSearchParams } from "react-router";

import { problemIn, type Job } from "../../api/client";
import { number, plural } from "../../show/format";
import { Moment } from "../../show/pieces";
import { Empty, Rows } from "../../show/states";
import { RemovedNote, linesLeft, numbered } from "../Removed";
import { downloadLog } from "./download";
import { LogFeed } from "./feed";
import { LEVELS, type Level } from "./lines";
import { LogList } from "./LogList";

/** More lines than this are not loaded unless asked for: they would only fill the browser's memory. */
const MOST_AT_FIRST = 200_000;
const LEVEL_WORDS: Record<Level, string> = {
  trace: "All levels", debug: "Debug and above", info: "Info and above", warn: "Warnings and errors", error: "Errors alone",
};

function useFeed(job: Job, begin: number): LogFeed {
  const feed = useMemo(() => new LogFeed(job.id, begin), [job.id, begin]);
  // A job that was resumed has a log again that grows.
  const active = job.status === "pending" || job.status === "running";
  useEffect(() => {
    if (feed.state === "ended" && !active) return undefined;
    feed.open();
    return () => feed.close();
  }, [feed, active]);
  useSyncExternalStore(feed.subscribe, () => feed.version);
  return feed;
}

function Download({ job }: { job: Job }) {
  const download = useMutation({
    mutationFn: () => downloadLog(job.id),
    onError: (error) => notifications.show({ color: "red", title: "The log was not downloaded", message: problemIn(error).detail }),
  });
  return (
    <Button size="xs" variant="default" leftSection={<IconDownload size={14} aria-hidden />} loading={download.isPending} onClick={() => download.mutate()}>
      Download
    </Button>
  );
}

/** Browsers keep the clipboard from pages without TLS, but for those of the machine itself: then the address has to do. */
async function copyLink(job: string, seq: number): Promise<void> {
  if (!("clipboard" in navigator)) return;
  await navigator.clipboard.writeText(`${location.origin}/jobs/${job}?line=${seq}`).then(
    () => notifications.show({ message: `The link to line ${number(seq)} is copied.`, autoClose: 2_000 }),
    () => undefined,
  );
}

/** Why there is no line. */
function NoLines({ job, ended }: { job: Job; ended: boolean }) {
  const { logs_to, logs_at } = job.removed;
  return (
    <Box mih={220}>
      {logs_to > 0 ? (
        <Empty icon={IconEraser} title="The log was removed">{numbered("Line", 1, logs_to)}: retention removed {logs_to === 1 ? "it" : "them"} on <Moment at={logs_at} />. Results stay as long as the job.</Empty>
      ) : ended || job.status === "pending" ? (
        <Empty icon={IconFileText} title={ended ? "Nothing was logged" : "No lines yet"}>What the module logs, and what the host says about it, shows here.</Empty>
      ) : <Box p="md"><Rows count={8} height={14} /></Box>}
    </Box>
  );
}

export function LogTab({ job }: { job: Job }) {
  const [search, setSearch] = useSearchParams();
  const line = Number(search.get("line")) || null;
  const { logs_to, logs_at } = job.removed;
  const [from, setFrom] = useState(() => {
    const first = Math.min(job.last_log_seq - MOST_AT_FIRST, (line ?? Infinity) - 1000);
    // What is gone costs nothing, and is said.
    return first <= logs_to ? 0 : first;
  });
  const feed = useFeed(job, from);
  const narrow = useMediaQuery("(max-width: 48em)") ?? false;
  const [wrap, setWrap] = useState<boolean | null>(null);
  const [follow, setFollow] = useState(line === null);
  const [level, setLevel] = useState<Level>("trace");
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text, 150);
  useEffect(() => feed.filter({ level, text: wanted }), [feed, level, wanted]);
  const { all, visible } = feed.lines.counts;
  const ended = feed.state === "ended";
  const nothing = feed.lines.all.length === 0 || (all === 0 && ended);
  return (
    <Paper style={{ overflow: "hidden" }}>
      <Group gap="xs" p="xs">
        <TextInput size="xs" aria-label="Search the log" placeholder="Search the log" value={text} onChange={(event) => setText(event.currentTarget.value)} leftSection={<IconSearch size={14} />} flex="1 1 160px" maw={320} data-search />
        <Select size="xs" aria-label="Level" data={LEVELS.map((value) => ({ value, label: LEVEL_WORDS[value] }))} value={level} onChange={(value) => setLevel((value as Level | null) ?? "trace")} allowDeselect={false} w={165} />
        <Switch size="xs" label="Wrap" checked={wrap ?? narrow} onChange={(event) => setWrap(event.currentTarget.checked)} />
        <Button size="xs" variant={follow ? "light" : "default"} aria-pressed={follow} leftSection={<IconArrowDown size={14} aria-hidden />} onClick={() => setFollow(!follow)}>
          {ended ? "To the end" : "Follow"}
        </Button>
        <Download job={job} />
        <Text fz="xs" c="dimmed" className="figures" ml="auto" role="status">
          {visible === all ? plural(all, "line") : `${number(visible)} of ${plural(all, "line")}`}
          {feed.state === "lost" && " · reconnecting…"}
          {feed.state === "following" && " · live"}
        </Text>
      </Group>
      {logs_to > 0 && linesLeft(job) > 0 && <RemovedNote what={numbered("Line", 1, logs_to)} at={logs_at} />}
      {from > 0 && (
        <Group px="xs" pb={6} gap="xs">
          <Text fz="xs" c="dimmed">{plural(from - logs_to, "earlier line")} not loaded.</Text>
          <Button size="compact-xs" variant="default" onClick={() => setFrom(0)}>Load from the beginning</Button>
        </Group>
      )}
      {nothing ? <NoLines job={job} ended={ended} /> : (
        <LogList
          key={`${feed.job}-${from}`}
          feed={feed}
          version={feed.version}
          wrap={wrap ?? narrow}
          follow={follow}
          onFollow={setFollow}
          marked={line}
          onMark={(seq) => {
            setSearch({ line: String(seq) }, { replace: true });
            void copyLink(job.id, seq);
          }}
          text={wanted}
          removed={logs_at}
        />
      )}
    </Paper>
  );
}
