// Fields of the form that the theme does not have as we need them: long texts, and texts out of files.
import { ActionIcon, FileButton, NumberInput, Text, Textarea, Tooltip } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { titleId, type ArrayFieldTitleProps, type TitleFieldProps, type WidgetProps } from "@rjsf/utils";

/** Texts that can be longer than a word get room, and can come out of a file. */
const SHORT = 80;

/** What holds when nothing is given, as a hint in the empty field. */
function usual({ schema, placeholder }: WidgetProps): string | undefined {
  return schema.default === undefined || schema.default === null ? placeholder : String(schema.default);
}

function common(props: WidgetProps) {
  const { id, label, hideLabel, required, disabled, readonly, schema, rawErrors } = props;
  return {
    id,
    name: id,
    label: hideLabel === true ? undefined : label,
    description: schema.description,
    withAsterisk: required ?? false,
    disabled: disabled ?? false,
    readOnly: readonly ?? false,
    placeholder: usual(props),
    error: rawErrors !== undefined && rawErrors.length > 0 ? rawErrors.join(", ") : undefined,
  };
}

function isNumber({ type }: WidgetProps["schema"]): boolean {
  const types = Array.isArray(type) ? type : [type];
  return types.includes("integer") || types.includes("number");
}

/** Numbers that JavaScript cannot hold exactly belong into the JSON view. */
function NumberField(props: WidgetProps) {
  const { id, value, schema, onChange, onBlur, onFocus } = props;
  return (
    <NumberInput
      {...common(props)}
      value={typeof value === "number" ? value : ""}
      onChange={(next) => onChange(typeof next === "number" ? next : undefined)}
      onBlur={() => onBlur(id, value)}
      onFocus={() => onFocus(id, value)}
      min={schema.minimum}
      max={schema.maximum}
      clampBehavior="none"
      allowDecimal={schema.type !== "integer"}
      thousandSeparator=" "
      hideControls
    />
  );
}

export function TextField(props: WidgetProps) {
  const { id, value, label, required, schema, onChange, onBlur, onFocus } = props;
  if (isNumber(schema)) return <NumberField {...props} />;
  const long = schema.maxLength === undefined || schema.maxLength > SHORT;
  const change = (text: string): void => onChange(text === "" && required !== true ? undefined : text);
  return (
    <Textarea
      {...common(props)}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => change(event.currentTarget.value)}
      onBlur={(event) => onBlur(id, event.currentTarget.value)}
      onFocus={(event) => onFocus(id, event.currentTarget.value)}
      autosize
      minRows={1}
      maxRows={14}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
      rightSection={long && (
        <FileButton onChange={(file) => void file?.text().then(change)}>
          {(button) => (
            <Tooltip label="Take a file's text">
              <ActionIcon {...button} variant="subtle" color="gray" aria-label={`Take a file's text for ${label}`}><IconFileImport size={16} /></ActionIcon>
            </Tooltip>
          )}
        </FileButton>
      )}
    />
  );
}

/** The name of a part. No heading: those tell how the page is made up. */
export function FieldTitle({ id, title, required }: Pick<TitleFieldProps, "id" | "title" | "required">) {
  return <Text id={id} fz="sm" fw={600}>{title}{required === true && " *"}</Text>;
}

export function ArrayTitle({ fieldPathId, title, required }: ArrayFieldTitleProps) {
  return title === undefined ? null : <FieldTitle id={titleId(fieldPathId)} title={title} {...(required !== undefined && { required })} />;
}
