// A module made from wit/ alone, by a toolchain that knows nothing of this project. It counts the words of a text,
// one line at a time, so that it has something to log, to report, to save, to resume and to break off.
//
// Functions that the contract declares as `result` return their value or throw their error.
import host from "cofferdam:module/job-context@0.1.0";

const inputsSchema = {
  type: "object",
  properties: {
    text: { type: "string", description: "The text whose words are counted." },
    pause_ms: { type: "integer", minimum: 0, description: "How long to wait after each line; 0 unless given." },
  },
  required: ["text"],
  additionalProperties: false,
};

export const runner = {
  describe() {
    return {
      name: "javascript",
      version: "0.1.0",
      description: "Counts the words of a text, line by line",
      inputsSchema: JSON.stringify(inputsSchema),
      settingsSchema: "{}",
    };
  },

  run(job) {
    const { text, pause_ms: pause = 0 } = JSON.parse(job.inputs);
    const lines = text.split("\n");
    const state = job.checkpoint == null ? { line: 0, words: 0 } : JSON.parse(job.checkpoint);
    host.log(`attempt ${job.attempt} of ${host.jobId()} begins at line ${state.line + 1} of ${lines.length}`, "info");

    while (state.line < lines.length) {
      if (host.isCancelled()) {
        host.log(`asked to stop before line ${state.line + 1}`, "warn");
        return;
      }
      state.words += countWords(lines[state.line]);
      state.line += 1;
      host.saveCheckpoint(JSON.stringify(state));
      host.reportProgress(state.line, lines.length);
      if (pause > 0) host.sleep(pause);
    }

    if (state.words === 0) throw { tag: "permanent", val: "the text has no words" };
    host.saveResult(JSON.stringify({ lines: lines.length, words: state.words }));
  },
};

function countWords(line) {
  return line.split(/\s+/).filter((word) => word !== "").length;
}
