// A form made from a JSON Schema, or the same value as JSON text.
import { JsonInput, Text } from "@mantine/core";
import { Form } from "@rjsf/mantine";
import type { RJSFSchema, UiSchema } from "@rjsf/utils";
import { useMemo } from "react";

import classes from "./SchemaForm.module.css";
import { titled } from "./titles";
import { validator } from "./validator";
import { ArrayTitle, FieldTitle, TextField } from "./widgets";

export type Value = Record<string, unknown>;

interface Props {
  id: string;
  schema: RJSFSchema;
  value: Value;
  onChange: (value: Value) => void;
}

const UI: UiSchema = { "ui:submitButtonOptions": { norender: true } };
const TEMPLATES = { TitleFieldTemplate: FieldTitle, ArrayFieldTitleTemplate: ArrayTitle };
const WIDGETS = { TextWidget: TextField, TextareaWidget: TextField };

function takesNothing(schema: RJSFSchema): boolean {
  const open = schema.additionalProperties !== false || schema.oneOf !== undefined || schema.anyOf !== undefined || schema.$ref !== undefined;
  return !open && Object.keys(schema.properties ?? {}).length === 0;
}

/** The form that a schema describes. The title of the whole stands above it already. */
export function SchemaForm({ id, schema, value, onChange }: Props) {
  const shown = useMemo(() => titled(schema), [schema]);
  if (takesNothing(schema)) return <Text fz="sm" c="dimmed">It takes none.</Text>;
  return (
    <div className={classes.form}>
      <Form
        idPrefix={id}
        schema={shown}
        uiSchema={UI}
        validator={validator}
        widgets={WIDGETS}
        templates={TEMPLATES}
        formData={value}
        onChange={({ formData }) => onChange((formData ?? {}) as Value)}
        tagName="div"
        liveValidate="onBlur"
        showErrorList={false}
        // Other defaults are the module's own affair: what is not given stays away, so that a later default holds.
        experimental_defaultFormStateBehavior={{ emptyObjectFields: "populateRequiredDefaults", constAsDefaults: "always" }}
      />
    </div>
  );
}

export function JsonText({ label, text, onChange }: { label: string; text: string; onChange: (text: string) => void }) {
  return <JsonInput label={label} value={text} onChange={onChange} autosize minRows={4} maxRows={30} validationError="Not JSON yet" spellCheck={false} />;
}
