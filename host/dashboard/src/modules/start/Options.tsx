// How a job is run, beside what its module is given.
import { NumberInput, SimpleGrid, TagsInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";

import type { Change, Draft } from "./draft";
import classes from "./Options.module.css";

interface Props {
  draft: Draft;
  change: Change<Draft>;
  /** Stands beside the longest run time. */
  children?: ReactNode;
}

export function Options({ draft, change, children }: Props) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs" className={classes.fields}>
      <TextInput size="xs" label="Longest run time" description="Such as 90s or 2h; the host's own unless given" value={draft.maxDuration} onChange={(event) => change({ maxDuration: event.currentTarget.value })} />
      {children}
      <NumberInput size="xs" label="Attempts at most" description="When it fails for a reason that may pass" value={draft.attempts} onChange={(value) => change({ attempts: Number(value) || 1 })} min={1} max={1000} />
      <TextInput size="xs" label="Pause before the second" description="It doubles with each further one" value={draft.backoff} disabled={draft.attempts <= 1} onChange={(event) => change({ backoff: event.currentTarget.value })} />
      <NumberInput size="xs" label="Priority" description="The highest of the jobs that are ready starts first" value={draft.priority} onChange={(value) => change({ priority: Number(value) || 0 })} min={-1000} max={1000} />
      <TagsInput size="xs" label="Labels" description="To find it again; Enter after each" placeholder={draft.labels.length === 0 ? "team=billing" : ""} value={draft.labels} onChange={(labels) => change({ labels })} />
    </SimpleGrid>
  );
}
