// The table of jobs: only the rows in sight are in the page, however many there are.
import { Anchor, Checkbox, Text } from "@mantine/core";
import {
  createColumnHelper, flexRender, getCoreRowModel, useReactTable, type RowSelectionState, type Updater,
} from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";

import type { Job } from "../api/client";
import { number } from "../show/format";
import { Id, JobProgress, RanFor, Time, moduleId } from "../show/pieces";
import { Status } from "../show/Status";
import classes from "./JobTable.module.css";

const ROW_HEIGHT = 40;
/** So many rows before the end, the next page is asked for. */
const EARLY = 30;

const column = createColumnHelper<Job>();
const columns = [
  column.display({
    id: "select",
    header: ({ table }) => (
      <Checkbox size="xs" aria-label="Choose all that are loaded" checked={table.getIsAllRowsSelected()} indeterminate={table.getIsSomeRowsSelected()} onChange={table.getToggleAllRowsSelectedHandler()} />
    ),
    cell: ({ row }) => <Checkbox size="xs" aria-label={`Choose job ${row.id}`} checked={row.getIsSelected()} onChange={row.getToggleSelectedHandler()} />,
  }),
  column.accessor("status", { header: "Status", cell: ({ getValue }) => <Status status={getValue()} /> }),
  column.display({
    id: "module",
    header: "Module",
    cell: ({ row: { original: job } }) => (
      <Anchor component={Link} to={`/jobs/${job.id}`} inherit fw={550} className="ellipsis" display="block">{moduleId(job)}</Anchor>
    ),
  }),
  column.accessor("id", { header: "Job", cell: ({ getValue }) => <Id id={getValue()} to={`/jobs/${getValue()}`} what="the job's id" /> }),
  column.display({
    id: "note",
    header: "Progress",
    cell: ({ row: { original: job } }) =>
      job.status === "failed" && job.error !== null ? (
        <Text span inherit c="dimmed" className="ellipsis" display="block" title={job.error?.message}>{job.error?.message.split("\n")[0]}</Text>
      ) : <JobProgress job={job} />,
  }),
  column.accessor("created_at", { header: "Created", cell: ({ getValue }) => <Time at={getValue()} /> }),
  column.display({ id: "ran", header: "Ran for", cell: ({ row: { original: job } }) => <RanFor job={job} /> }),
  column.accessor("attempt", { header: "Attempts", cell: ({ getValue }) => <span className="figures">{number(getValue())}</span> }),
];

interface Props {
  jobs: Job[];
  selected: RowSelectionState;
  onSelect: (selected: Updater<RowSelectionState>) => void;
  /** Asks for the next page, if there is one. */
  more: (() => unknown) | null;
  loading: boolean;
}

export function JobTable({ jobs, selected, onSelect, more, loading }: Props) {
  const body = useRef<HTMLTableElement>(null);
  const [top, setTop] = useState(0);
  const table = useReactTable({
    data: jobs, columns, getCoreRowModel: getCoreRowModel(), getRowId: (job) => job.id,
    state: { rowSelection: selected }, onRowSelectionChange: onSelect,
  });
  useLayoutEffect(() => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY), []);
  const virtual = useWindowVirtualizer({ count: jobs.length, estimateSize: () => ROW_HEIGHT, overscan: 12, scrollMargin: top });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more !== null && !loading && last >= jobs.length - EARLY) more();
  }, [more, loading, last, jobs.length]);
  const { rows } = table.getRowModel();
  const before = (items[0]?.start ?? top) - top;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? top) - top);
  return (
    <table ref={body} className={classes.table} aria-rowcount={jobs.length}>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => <th key={header.id} scope="col" data-column={header.column.id}>{flexRender(header.column.columnDef.header, header.getContext())}</th>)}
          </tr>
        ))}
      </thead>
      <tbody>
        {before > 0 && <tr aria-hidden><td style={{ height: before, border: 0 }} /></tr>}
        {items.map((item) => {
          const row = rows[item.index];
          return row && (
            <tr key={row.id} data-job={row.id} data-selected={row.getIsSelected() || undefined} aria-rowindex={item.index + 1}>
              {row.getVisibleCells().map((cell) => <td key={cell.id} data-column={cell.column.id}>{flexRender(cell.column.columnDef.cell, cell.getContext())}</td>)}
            </tr>
          );
        })}
        {after > 0 && <tr aria-hidden><td style={{ height: after, border: 0 }} /></tr>}
      </tbody>
    </table>
  );
}
