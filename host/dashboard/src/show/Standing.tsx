// How something stands that is no job: in the colours of the jobs' statuses, with an icon and a word.
import type { Icon } from "@tabler/icons-react";

import type { JobStatus } from "../api/client";
import classes from "./Status.module.css";

interface Props {
  /** Whose colours it has. */
  like: JobStatus;
  icon: Icon;
  word: string;
}

export function Standing({ like, icon: Glyph, word }: Props) {
  return <span className={classes.badge} data-status={like}><Glyph size={12} aria-hidden />{word}</span>;
}
