// How many jobs stand where; each leads to them.
import { Paper, SimpleGrid, Skeleton, Text } from "@mantine/core";
import { Link } from "react-router";

import type { Schemas } from "../api/client";
import { number } from "../show/format";
import { LOOKS, STATUSES } from "../show/Status";
import { QueueAge } from "./QueueAge";
import classes from "./StatusTiles.module.css";

export function StatusTiles({ counts }: { counts: Schemas["JobCounts"] | undefined }) {
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 5 }} spacing="sm">
      {STATUSES.map((status) => {
        const { icon: Glyph, word } = LOOKS[status];
        return (
          <Paper key={status} component={Link} to={`/jobs?status=${status}`} className={classes.tile} data-status={status}>
            <span className={classes.word}><Glyph size={15} aria-hidden /> {word}</span>
            {counts === undefined ? <Skeleton height={32} width={64} /> : <span className={classes.count}>{number(counts[status])}</span>}
            <Text span fz="xs" c="dimmed" mih={18}>{status === "pending" && counts !== undefined && counts.pending > 0 && <QueueAge pending={counts.pending} />}</Text>
          </Paper>
        );
      })}
    </SimpleGrid>
  );
}
