//! What a module costs in each language: the conformance modules, which do the same, on a host of their own.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use cofferdam_build::{Language, Way, begin};
use serde_json::{Value, json};

use super::report::{Figure, Report, median, rounded};
use crate::guests::workshop;
use crate::process::say;
use crate::server::{Api, Server, Start};
use crate::workspace::Workspace;

/// As in the names of the modules, and as people write them.
const LANGUAGES: [(&str, &str); 5] =
    [("rust", "Rust"), ("c", "C"), ("go", "Go"), ("javascript", "JavaScript"), ("python", "Python")];
/// How often what is quick is measured; the median counts.
const ROUNDS: usize = 101;
/// The same for adding, which sends and stores up to 22 MB.
const ADDS: usize = 5;
const LINES: u64 = 10_000;

/// One of the figures of each language.
struct Column {
    key: &'static str,
    heading: &'static str,
    what: &'static str,
    unit: &'static str,
}

const COLUMNS: [Column; 7] = [
    Column {
        key: "build_s",
        heading: "built first",
        what: "the first build of a new project, tools being there",
        unit: "s",
    },
    Column { key: "component_mb", heading: "component", what: "size of the component", unit: "MB" },
    Column { key: "add_ms", heading: "added first", what: "adding it, compiling included", unit: "ms" },
    Column { key: "add_again_ms", heading: "added again", what: "adding it again, compiled before", unit: "ms" },
    Column { key: "job_ms", heading: "a job", what: "a job that does nothing, at the client", unit: "ms" },
    Column { key: "job_memory_mib", heading: "its memory", what: "memory of that job at its peak", unit: "MiB" },
    Column { key: "lines_cpu_ms", heading: "10,000 lines", what: "CPU of a job that logs 10,000 lines", unit: "ms" },
];

/// One language with its figures, in the order of [`COLUMNS`].
struct Row {
    key: &'static str,
    language: &'static str,
    figures: [f64; COLUMNS.len()],
}

/// On a host in an empty folder, where nothing is compiled yet; gives the figures as a table in Markdown, too.
///
/// A language whose module is not there is said to be not measured.
pub(super) fn measure(workspace: &Workspace, binary: &Path, folder: &Path, report: &mut Report) -> Result<String> {
    let server = Server::start(&Start::usual(binary, "127.0.0.1:0", folder))?;
    let mut rows = Vec::new();
    for (key, language) in LANGUAGES {
        let module = format!("conformance-{key}");
        if !workspace.modules().join(&module).with_extension("wasm").is_file() {
            say(format_args!("bench: {language} is not measured, there is no {module}.wasm"));
            continue;
        }
        say(format_args!("bench: a module in {language}"));
        let component = workspace.component(&module)?;
        let built = first_build(workspace, key.parse()?, folder)?;
        // Only now: the host closes connections that rest for as long as a build takes.
        let mut api = Api::connect(server.address())?;
        let costs = costs(&mut api, &module, &component).with_context(|| format!("with {module}"))?;
        let mut figures = [built; COLUMNS.len()];
        figures[1..].copy_from_slice(&costs);
        rows.push(Row { key, language, figures });
    }
    server.stop()?;
    rows.iter().flat_map(Row::figures).for_each(|figure| report.add(figure));
    Ok(markdown(&rows))
}

/// Seconds of what an author waits for after `cofferdam new`: once, as it is the first time.
fn first_build(workspace: &Workspace, language: Language, folder: &Path) -> Result<f64> {
    let workshop = workshop(workspace, Way::Auto);
    let parent = folder.join("projects");
    // The first project finds the tools installed and their own caches filled.
    let warm = begin(&parent.join("warm"), &"word-count".parse()?, language)?;
    if language != Language::Rust {
        workshop.build(&warm, &warm.component())?;
    }
    let project = begin(&parent, &format!("word-count-{language}").parse()?, language)?;
    let start = Instant::now();
    workshop.build(&project, &project.component())?;
    fs::remove_dir_all(&parent)?;
    Ok(start.elapsed().as_secs_f64())
}

/// All figures but that of the build.
#[expect(clippy::cast_precision_loss, reason = "a component is smaller than 2^53 bytes")]
fn costs(api: &mut Api, module: &str, component: &[u8]) -> Result<[f64; COLUMNS.len() - 1]> {
    let first = add(api, component)?;
    let mut again = Vec::with_capacity(ADDS);
    for _ in 0..ADDS {
        api.remove_module(&format!("{module}@0.1.0"))?;
        again.push(add(api, component)?);
    }
    let nothing = json!({"module_id": module, "inputs": {"behaviour": "log-many"}});
    let (mut times, mut memory) = (Vec::with_capacity(ROUNDS), 0.0_f64);
    for _ in 0..ROUNDS {
        let (time, job) = complete(api, &nothing)?;
        times.push(time);
        memory = memory.max(usage(&job, "peak_memory_bytes")?);
    }
    let lines = json!({"module_id": module, "inputs": {"behaviour": "log-many", "count": LINES}});
    let mut cpu_times = Vec::with_capacity(ADDS);
    for _ in 0..ADDS {
        cpu_times.push(usage(&complete(api, &lines)?.1, "cpu_time_ms")?);
    }
    let megabytes = component.len() as f64 / 1e6;
    Ok([megabytes, first, median(again), median(times), memory / f64::from(1 << 20), median(cpu_times)])
}

/// How many milliseconds it takes.
fn add(api: &mut Api, component: &[u8]) -> Result<f64> {
    let start = Instant::now();
    api.add_module(component)?;
    Ok(milliseconds_since(start))
}

/// Milliseconds from the start to the end at the client, and the job.
fn complete(api: &mut Api, job: &Value) -> Result<(f64, Value)> {
    let start = Instant::now();
    let id = api.start_job(job.to_string().as_bytes())?;
    let end = api.follow_to_end(&id, |_| {})?;
    let time = milliseconds_since(start);
    if end.status != "completed" {
        bail!("job {id} is {}, not completed", end.status);
    }
    Ok((time, api.job(&id)?))
}

fn usage(job: &Value, what: &str) -> Result<f64> {
    job["usage"][what].as_f64().with_context(|| format!("a job without usage.{what}: {job}"))
}

fn milliseconds_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

impl Row {
    fn figures(&self) -> impl Iterator<Item = Figure> {
        COLUMNS.iter().zip(self.figures).map(|(column, value)| Figure {
            key: format!("language_{}_{}", self.key, column.key),
            what: format!("a module in {}: {}", self.language, column.what),
            value,
            unit: column.unit,
            goal: None,
        })
    }
}

/// Puts the table into the book for authors, between its marks, with the machine on which it was measured.
pub(super) fn publish(workspace: &Workspace, table: &str, machine: &str) -> Result<()> {
    const MARKS: [&str; 2] = ["<!-- languages -->\n", "<!-- /languages -->"];
    let page = workspace.root.join("docs/authors/README.md");
    let text = fs::read_to_string(&page)?;
    let [start, end] = MARKS.map(|mark| text.find(mark));
    let (start, end) = start.zip(end).context("the page has no marks for the table")?;
    let (before, after) = (&text[..start + MARKS[0].len()], &text[end..]);
    let measured = format!("\n{table}\nMeasured by `cargo xtask bench --languages` on {machine}.\n\n");
    fs::write(&page, format!("{before}{measured}{after}"))?;
    Ok(())
}

fn markdown(rows: &[Row]) -> String {
    let mut table = "| language |".to_owned();
    for column in &COLUMNS {
        write!(table, " {} |", column.heading).expect("a string takes everything");
    }
    table.push_str("\n|---|");
    table.push_str(&"--:|".repeat(COLUMNS.len()));
    for row in rows {
        write!(table, "\n| {} |", row.language).expect("a string takes everything");
        for (column, value) in COLUMNS.iter().zip(row.figures) {
            write!(table, " {} {} |", rounded(value), column.unit).expect("a string takes everything");
        }
    }
    table.push('\n');
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Row = Row { key: "c", language: "C", figures: [33.3, 0.2284, 104.6, 2.04, 1.5, 0.5625, 5.0] };

    #[test]
    fn the_table_has_a_column_for_each_figure() {
        let table = markdown(&[ROW]);
        let lines: Vec<_> = table.lines().collect();
        let [heading, rule, row] = lines[..] else { panic!("not three lines: {table}") };
        assert_eq!(
            heading,
            "| language | built first | component | added first | added again | a job | its memory | 10,000 lines |"
        );
        assert_eq!(rule, "|---|--:|--:|--:|--:|--:|--:|--:|");
        assert_eq!(row, "| C | 33.3 s | 0.228 MB | 105 ms | 2.0 ms | 1.5 ms | 0.562 MiB | 5.0 ms |");
    }

    #[test]
    fn each_figure_has_a_key_of_its_language() {
        let keys: Vec<_> = ROW.figures().map(|figure| figure.key).collect();
        assert_eq!(keys[..2], ["language_c_build_s", "language_c_component_mb"]);
        assert!(keys.iter().all(|key| key.starts_with("language_c_")) && keys.len() == COLUMNS.len(), "{keys:?}");
    }
}
