// Things that are alike: a table where there is room, and on a phone one below the other, each value with its name.
import { Table, VisuallyHidden } from "@mantine/core";
import { Fragment, type CSSProperties, type ReactNode } from "react";

import classes from "./Records.module.css";

export interface Column<T> {
  head: string;
  cell: (row: T) => ReactNode;
  /** What needs no name: what the row is about, and what can be done with it. */
  plain?: "title" | "actions";
  className?: string;
  width?: string;
}

interface Props<T> {
  rows: T[];
  columns: Column<T>[];
  id: (row: T) => string | number;
  /** In pixels; where there is less, the table scrolls. */
  minWidth: number;
  spacing?: number;
  /** What is no more than a memory. */
  isDim?: (row: T) => boolean;
  /** What opens below a row. */
  below?: (row: T) => ReactNode;
}

export function Records<T>({ rows, columns, id, minWidth, spacing, isDim, below }: Props<T>) {
  // The roles are those that the elements have; as blocks, browsers would forget them.
  return (
    <div className={classes.box} tabIndex={0} style={{ "--records-width": `${minWidth}px` } as CSSProperties}>
      <Table fz="sm" verticalSpacing={spacing} className={classes.table} role="table">
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {columns.map(({ head, plain, width }) => <Table.Th key={head} role="columnheader" w={width}>{plain === "actions" ? <VisuallyHidden>{head}</VisuallyHidden> : head}</Table.Th>)}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {rows.map((row) => (
            <Fragment key={id(row)}>
              <Table.Tr role="row" c={isDim?.(row) ? "dimmed" : undefined}>
                {columns.map(({ head, cell, plain, className }) => (
                  <Table.Td key={head} role="cell" data-head={head} data-plain={plain} className={className}><div>{cell(row)}</div></Table.Td>
                ))}
              </Table.Tr>
              {below !== undefined && <Table.Tr role="row" className={classes.below}><Table.Td role="cell" colSpan={columns.length} data-plain="title" p={0}>{below(row)}</Table.Td></Table.Tr>}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
