// The state that a job would go on from.
import { Paper, Text } from "@mantine/core";
import { IconEraser, IconFlag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import type { Job } from "../api/client";
import { checkpointQuery } from "../api/queries";
import { Json } from "../show/Json";
import { Moment, Time } from "../show/pieces";
import { Empty, Shown } from "../show/states";

export default function CheckpointTab({ job }: { job: Job }) {
  const checkpoint = useQuery(checkpointQuery(job.id, job.checkpoint_saved_at ?? null));
  if (job.removed.checkpoint_at !== null) {
    return (
      <Paper>
        <Empty icon={IconEraser} title="The checkpoint was removed">
          Retention removed it on <Moment at={job.removed.checkpoint_at} />. The job can be started over, or resumed by a request that brings a checkpoint.
        </Empty>
      </Paper>
    );
  }
  if (job.checkpoint_saved_at === null) {
    return (
      <Paper>
        <Empty icon={IconFlag} title="No checkpoint yet">
          When the module saves its state, it shows here. A job that is interrupted or stopped goes on from there.
        </Empty>
      </Paper>
    );
  }
  return (
    <Paper p="md">
      <Shown of={checkpoint} rows={8}>
        {(saved) => (
          <>
            <Text fz="sm" c="dimmed" mb="sm" component="div">Saved <Time at={saved.saved_at} /> by attempt {saved.attempt}. A resume goes on from here.</Text>
            <Json value={saved.checkpoint} name="checkpoint" />
          </>
        )}
      </Shown>
    </Paper>
  );
}
