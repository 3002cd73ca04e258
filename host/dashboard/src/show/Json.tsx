// JSON to read and to copy; large parts are folded.
import { Box, Code, Group, Text } from "@mantine/core";
import { JsonView, collapseAllNested } from "react-json-view-lite";

import { bytes } from "./format";
import classes from "./Json.module.css";
import { Copy } from "./pieces";

/** Larger texts are folded but for their outside. */
const OPEN_BELOW = 4_000;
/** Larger ones would hold up the page as a tree. */
const TREE_BELOW = 400_000;

const styles = {
  container: classes.container ?? "", basicChildStyle: classes.child ?? "", childFieldsContainer: classes.children ?? "",
  label: classes.label ?? "", clickableLabel: classes.label ?? "", nullValue: classes.plain ?? "", undefinedValue: classes.plain ?? "",
  stringValue: classes.string ?? "", booleanValue: classes.plain ?? "", numberValue: classes.number ?? "", otherValue: classes.plain ?? "",
  punctuation: classes.punctuation ?? "", expandIcon: classes.expand ?? "", collapseIcon: classes.collapse ?? "",
  collapsedContent: classes.folded ?? "", noQuotesForStringValues: false, quotesForFieldNames: false, stringifyStringValues: true,
  ariaLables: { collapseJson: "Fold", expandJson: "Unfold" },
};

export function Json({ value, name }: { value: unknown; name: string }) {
  const text = JSON.stringify(value, null, 2) ?? "null";
  return (
    <Box>
      <Group gap={4} justify="flex-end" h={0} style={{ position: "relative", top: 12, zIndex: 1 }}><Copy text={text} what={`the ${name}`} /></Group>
      {typeof value !== "object" || value === null ? (
        <Code block>{text}</Code>
      ) : text.length > TREE_BELOW ? (
        <>
          <Text fz="xs" c="dimmed">{bytes(text.length)}; the beginning:</Text>
          <Code block mah={480}>{text.slice(0, 20_000)}</Code>
        </>
      ) : (
        <JsonView data={value} style={styles} shouldExpandNode={text.length < OPEN_BELOW ? () => true : collapseAllNested} aria-label={name} />
      )}
    </Box>
  );
}
