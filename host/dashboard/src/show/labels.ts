// Labels as people write them: `NAME=VALUE`.

type Labels = Record<string, string>;

export function labelTexts(labels: Labels): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}

export function labelsOf(texts: string[]): Labels {
  return Object.fromEntries(texts.map((text) => {
    const [name = "", ...value] = text.split("=");
    return [name.trim(), value.join("=").trim()];
  }));
}
