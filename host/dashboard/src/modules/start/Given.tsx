// What a module is given: by a form from its own schemas, or as JSON.
import { Box, SegmentedControl, Stack, Text } from "@mantine/core";
import type { RJSFSchema } from "@rjsf/utils";

import type { Module } from "../../api/client";
import { Heading } from "../../show/pieces";
import { NOT_EXACT, isExact, objectsIn, textsOf, typed, type Change, type Draft } from "./draft";
import { JsonText, SchemaForm } from "./SchemaForm";

interface Props {
  /** Nothing where its schemas are not known: then there is no form. */
  module: Module | undefined;
  draft: Draft;
  change: Change<Draft>;
}

const FORMS = [{ value: "form", label: "Form" }, { value: "json", label: "JSON" }];

export function Given({ module, draft, change }: Props) {
  const texts = draft.texts ?? (module === undefined ? textsOf(draft) : null);
  const choose = (form: string): void => {
    if (form === "json") change({ texts: textsOf(draft) });
    else if (draft.texts === null || objectsIn(draft.texts) !== null) change({ texts: null });
  };
  const choice = module !== undefined && <SegmentedControl size="xs" aria-label="Form" value={texts === null ? "form" : "json"} onChange={choose} data={FORMS} />;
  return (
    <Box>
      <Heading right={choice}>Inputs</Heading>
      {texts !== null || module === undefined ? (
        <Stack>
          {(["inputs", "settings"] as const).map((field) => (
            <JsonText key={field} label={field === "inputs" ? "Inputs as JSON" : "Settings as JSON"} text={texts?.[field] ?? ""} onChange={(text) => change(typed(draft, { ...(texts ?? textsOf(draft)), [field]: text }))} />
          ))}
        </Stack>
      ) : (
        <>
          <SchemaForm id="inputs" schema={module.inputs_schema as RJSFSchema} value={draft.inputs} onChange={(inputs) => change({ inputs })} />
          <Box mt="lg"><Heading>Settings</Heading></Box>
          <SchemaForm id="settings" schema={module.settings_schema as RJSFSchema} value={draft.settings} onChange={(settings) => change({ settings })} />
        </>
      )}
      {!(isExact(draft.inputs) && isExact(draft.settings)) && <Text fz="sm" c="red.8" mt="xs" role="alert">{NOT_EXACT}</Text>}
    </Box>
  );
}
