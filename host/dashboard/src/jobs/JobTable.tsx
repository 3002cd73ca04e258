// The table of jobs: only the rows in sight are in the page, however many there are.
import {
  createColumnHelper, flexRender, getCoreRowModel, useReactTable, type Row, type RowSelectionState, type Updater,
} from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";

import type { Job } from "../api/client";
import { number, shortId } from "../show/format";
import { labelTexts } from "../show/labels";
import { Id, JobProgress, RanFor, Time, moduleId } from "../show/pieces";
import { Status } from "../show/Status";
import classes from "./JobTable.module.css";

const ROW_HEIGHT = 40;
/** So many rows before the end, the next page is asked for. */
const EARLY = 60;

function ChooseAll({ checked, some, onChange }: { checked: boolean; some: boolean; onChange: (event: unknown) => void }) {
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (box.current !== null) box.current.indeterminate = some && !checked;
  }, [some, checked]);
  return <input ref={box} type="checkbox" className={classes.choose} aria-label="Choose all that are loaded" checked={checked} onChange={onChange} />;
}

const column = createColumnHelper<Job>();
const columns = [
  column.display({
    id: "select",
    header: ({ table }) => (
      <ChooseAll checked={table.getIsAllRowsSelected()} some={table.getIsSomeRowsSelected()} onChange={table.getToggleAllRowsSelectedHandler()} />
    ),
    cell: ({ row }) => <input type="checkbox" className={classes.choose} aria-label={`Choose job ${row.id}`} checked={row.getIsSelected()} onChange={row.getToggleSelectedHandler()} />,
  }),
  column.accessor("status", { header: "Status", cell: ({ getValue }) => <Status status={getValue()} /> }),
  column.display({
    id: "module",
    header: "Module",
    cell: ({ row: { original: job } }) => (
      <>
        <Link to={`/jobs/${job.id}`} className={classes.module} title={moduleId(job)}>{moduleId(job)}</Link>
        <span className={classes.briefId}>{shortId(job.id)}</span>
        <span className={classes.briefTime}><Time at={job.created_at} /></span>
      </>
    ),
  }),
  column.accessor("id", { header: "Job", cell: ({ getValue }) => <Id id={getValue()} to={`/jobs/${getValue()}`} what="the job's id" /> }),
  column.display({
    id: "note",
    header: "Progress",
    cell: ({ row: { original: job } }) =>
      job.status === "failed" && job.error !== null ? (
        <span className={classes.error} title={job.error?.message}>{job.error?.message.split("\n")[0]}</span>
      ) : <JobProgress job={job} />,
  }),
  column.accessor("labels", {
    header: "Labels",
    cell: ({ getValue }) => {
      const labels = labelTexts(getValue());
      return <span className={classes.labels} title={labels.join("\n")}>{labels.map((label) => <span key={label}>{label}</span>)}</span>;
    },
  }),
  column.accessor("created_at", { header: "Created", cell: ({ getValue }) => <Time at={getValue()} /> }),
  column.display({ id: "ran", header: "Ran for", cell: ({ row: { original: job } }) => <RanFor job={job} /> }),
  column.accessor("attempt", { header: "Attempts", cell: ({ getValue }) => <span className="figures">{number(getValue())}</span> }),
];

/** Drawn again only when its job or its choice is another one: scrolling draws what comes into sight. */
const JobRow = memo(function JobRow({ row, index, selected }: { row: Row<Job>; job: Job; index: number; selected: boolean }) {
  return (
    <tr data-job={row.id} data-selected={selected || undefined} aria-rowindex={index + 1}>
      {row.getAllCells().map((cell) => <td key={cell.column.id} data-column={cell.column.id}>{flexRender(cell.column.columnDef.cell, cell.getContext())}</td>)}
    </tr>
  );
}, (before, after) => before.job === after.job && before.selected === after.selected && before.index === after.index);

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
          return row && <JobRow key={row.id} row={row} job={row.original} index={item.index} selected={row.getIsSelected()} />;
        })}
        {after > 0 && <tr aria-hidden><td style={{ height: after, border: 0 }} /></tr>}
      </tbody>
    </table>
  );
}
