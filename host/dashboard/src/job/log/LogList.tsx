// The lines in sight. The page holds some dozens of them, whether there are ten or a hundred thousand.
import { Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useRef } from "react";

import { absolute, clock, number } from "../../show/format";
import { numbered } from "../Removed";
import type { LogFeed } from "./feed";
import { isGap, type Entry, type Line } from "./lines";
import classes from "./LogList.module.css";

interface Props {
  feed: LogFeed;
  /** Another one when there are other lines. */
  version: number;
  wrap: boolean;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  /** The number of a line that somebody pointed at. */
  marked: number | null;
  onMark: (seq: number) => void;
  text: string;
  /** When the last lines went that are gone. */
  removed: string | null;
}

/** So far from the end still counts as at it. */
const AT_END_PX = 24;

function Found({ message, text }: { message: string; text: string }) {
  if (text === "") return message;
  const parts = [];
  const lower = message.toLowerCase();
  let at = 0;
  for (let hit = lower.indexOf(text); hit >= 0; hit = lower.indexOf(text, at)) {
    parts.push(message.slice(at, hit), <mark key={hit}>{message.slice(hit, hit + text.length)}</mark>);
    at = hit + text.length;
  }
  return [...parts, message.slice(at)];
}

const LineRow = memo(function LineRow({ line, marked, onMark, text }: { line: Line; marked: boolean; onMark: (seq: number) => void; text: string }) {
  return (
    <div className={classes.line} data-level={line.level} data-marked={marked || undefined} data-seq={line.seq}>
      <button type="button" className={classes.seq} onClick={() => onMark(line.seq)} title={`Point at line ${line.seq}`}>{line.seq}</button>
      <time className={classes.time} dateTime={line.time} title={absolute(line.time)}>{clock(line.time)}</time>
      <span className={classes.level}>{line.continued ? "" : line.level}</span>
      <span className={classes.message}>
        {line.source !== "guest" && <span className={classes.source}>{line.source}</span>}
        <Found message={line.message} text={text} />
      </span>
    </div>
  );
});

function Separated({ entry, begins, removed }: { entry: Entry; begins: boolean; removed: string | null }) {
  if (isGap(entry)) {
    const { from, to, reason } = entry.gap;
    return <div className={classes.separator} data-gap>{numbered("Line", from, to)} gone: {reason}{removed !== null && <span className={classes.removed}>, {absolute(removed)}</span>}</div>;
  }
  return begins ? <div className={classes.separator}>Attempt {number(entry.attempt)}</div> : null;
}

export function LogList({ feed, version, wrap, follow, onFollow, marked, onMark, text, removed }: Props) {
  const { lines } = feed;
  const box = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const found = useRef<number | null>(null);
  const count = lines.visible.length;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: (row) => lines.height(row),
    getItemKey: (row) => lines.visible[row] ?? row,
    overscan: 20,
  });
  useEffect(() => virtual.measure(), [virtual, wrap, text]);
  useLayoutEffect(() => {
    if (follow && count > 0) virtual.scrollToIndex(count - 1, { align: "end" });
  }, [follow, count, version, virtual]);
  useEffect(() => {
    if (marked === null || found.current === marked) return;
    const row = lines.rowOf(marked);
    if (row < 0) return;
    found.current = marked;
    virtual.scrollToIndex(row, { align: "center" });
  }, [marked, lines, version, virtual]);
  const scrolled = (): void => {
    const { scrollTop, scrollHeight, clientHeight } = box.current ?? document.body;
    const atEnd = scrollHeight - scrollTop - clientHeight < AT_END_PX;
    if (scrollTop < lastTop.current && !atEnd && follow) onFollow(false);
    else if (atEnd && !follow && scrollTop > lastTop.current) onFollow(true);
    lastTop.current = scrollTop;
  };
  const mark = useRef(onMark);
  mark.current = onMark;
  const stable = useRef((seq: number) => {
    found.current = seq;
    mark.current(seq);
  }).current;
  if (count === 0) return <Text fz="sm" c="dimmed" p="lg" ta="center" className={classes.box}>No line fits.</Text>;
  return (
    <div ref={box} className={classes.box} data-wrap={wrap || undefined} onScroll={scrolled} tabIndex={0} role="log" aria-label="Log" aria-live="off">
      <div className={classes.all} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const entry = lines.at(item.index);
          return entry && (
            <div key={item.key} className={classes.row} data-index={item.index} ref={wrap ? virtual.measureElement : undefined} style={{ transform: `translateY(${item.start}px)` }}>
              <Separated entry={entry} begins={lines.beginsAttempt(item.index)} removed={removed} />
              {!isGap(entry) && <LineRow line={entry} marked={entry.seq === marked} onMark={stable} text={text.toLowerCase()} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}
