// What a module may do beyond computing: lists to fill in, or the same as JSON. The host says what its operator allows.
import { Button, Group, JsonInput, SegmentedControl, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api, type Module, type Schemas } from "../../api/client";
import { queries } from "../../api/queries";
import { Allowed } from "../../show/Allowed";
import { Failure, Shown } from "../../show/states";
import { GrantLists } from "./GrantLists";

type Grants = Schemas["Grants"];

function Editor({ module, grants }: { module: Module; grants: Grants }) {
  const [form, setForm] = useState("lists");
  const [draft, setDraft] = useState(grants);
  const [text, setText] = useState<string | null>(null);
  const put = useMutation({
    mutationFn: (sent: { draft: Grants; text: string | null }) => {
      const body = sent.text === null ? sent.draft : (JSON.parse(sent.text) as Grants);
      return answer(api.PUT("/v1/modules/{module_id}/grants", { params: { path: { module_id: module.id } }, body }));
    },
    onSuccess: async (saved, sent) => {
      // What was changed since it was sent stays.
      setDraft((known) => (known === sent.draft ? saved : known));
      setText((known) => (known === null || known !== sent.text ? known : JSON.stringify(saved, null, 2)));
      notifications.show({ color: "green", message: `${module.id} may do what you see, from its next attempt on.` });
      await Promise.all(["module", "modules", "report", "grants"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
  });
  const choose = (next: string): void => {
    if (next === "json") setText(JSON.stringify(draft, null, 2));
    else if (text !== null) {
      try {
        setDraft(JSON.parse(text) as Grants);
      } catch {
        return void notifications.show({ color: "red", message: "That is not JSON yet." });
      }
      setText(null);
    }
    setForm(next);
  };
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text fz="sm" c="dimmed" maw={640}>
          A module has nothing but its inputs until it is granted more. Grants belong to these bytes: another version begins with none. They hold from the next attempt on.
        </Text>
        <SegmentedControl size="xs" aria-label="Form" value={form} onChange={choose} data={[{ value: "lists", label: "Lists" }, { value: "json", label: "JSON" }]} />
      </Group>
      {text === null ? <GrantLists grants={draft} onChange={setDraft} /> : (
        <JsonInput aria-label="Grants as JSON" value={text} onChange={setText} autosize minRows={8} maxRows={30} validationError="Not JSON yet" formatOnBlur />
      )}
      {put.error !== null && <Failure error={put.error} />}
      <Group><Allowed scope="admin"><Button size="xs" loading={put.isPending} onClick={() => put.mutate({ draft, text })}>Save grants</Button></Allowed></Group>
    </Stack>
  );
}

export function GrantEditor({ module }: { module: Module }) {
  const grants = useQuery({
    queryKey: ["grants", module.id],
    queryFn: ({ signal }) => answer(api.GET("/v1/modules/{module_id}/grants", { params: { path: { module_id: module.id } }, signal })),
  });
  return <Shown of={grants} rows={4}>{(known) => <Editor module={module} grants={known} />}</Shown>;
}
