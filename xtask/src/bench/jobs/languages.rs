//! What a module costs in each language: the conformance modules, which do the same, on a host of their own.

use std::fmt::Write;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use cofferdam_build::{Language, Way, begin};
use serde_json::{Value, json};

use crate::bench::report::{Figure, Part, Report, mean, median, milliseconds, rounded};
use crate::bench::stage::Stage;
use crate::bench::stamps;
use crate::guests::workshop;
use crate::process::say;
use crate::server::{Api, JobEnd};
use crate::workspace::Workspace;

/// As in the names of the modules, and as people write them.
const LANGUAGES: [(&str, &str); 5] =
    [("rust", "Rust"), ("c", "C"), ("go", "Go"), ("javascript", "JavaScript"), ("python", "Python")];
/// How often what is quick is measured.
const ROUNDS: usize = 101;
/// The same for adding, which sends and stores up to 22 MB, and for starts of the host.
const ADDS: usize = 5;
const LINES: u64 = 10_000;

/// One of the figures of each language.
struct Column {
    key: &'static str,
    heading: &'static str,
    what: &'static str,
    unit: &'static str,
}

const COLUMNS: [Column; 10] = [
    Column {
        key: "build_s",
        heading: "built first",
        what: "the first build of a new project, tools being there",
        unit: "s",
    },
    Column { key: "component_mb", heading: "component", what: "size of the component", unit: "MB" },
    Column { key: "add_ms", heading: "added first", what: "adding it, compiling included", unit: "ms" },
    Column { key: "add_again_ms", heading: "added again", what: "adding it again, compiled before", unit: "ms" },
    Column {
        key: "first_job_ms",
        heading: "first job",
        what: "the first job after it was added, at the client",
        unit: "ms",
    },
    Column {
        key: "restart_job_ms",
        heading: "after a restart",
        what: "the first job after a start of the host, at the client",
        unit: "ms",
    },
    Column {
        key: "start_ms",
        heading: "start",
        what: "from the claim of a later job to its first log line, mean",
        unit: "ms",
    },
    Column { key: "job_ms", heading: "a job", what: "a job that does nothing, at the client", unit: "ms" },
    Column { key: "job_memory_mib", heading: "its memory", what: "memory of that job at its peak", unit: "MiB" },
    Column { key: "lines_cpu_ms", heading: "10,000 lines", what: "CPU of a job that logs 10,000 lines", unit: "ms" },
];

/// What a language promises of one of its figures.
const GOALS: [(&str, &str, f64); 2] = [("python", "start_ms", 3.0), ("javascript", "start_ms", 1.0)];

/// One language with its figures.
struct Row {
    key: &'static str,
    language: &'static str,
    costs: Costs,
}

/// The figures of one language.
#[derive(Default)]
struct Costs {
    build_s: f64,
    component_mb: f64,
    add_ms: f64,
    add_again_ms: Vec<f64>,
    first_job_ms: f64,
    restart_job_ms: Vec<f64>,
    start_ms: f64,
    job_ms: Vec<f64>,
    job_memory_mib: f64,
    lines_cpu_ms: Vec<f64>,
}

impl Costs {
    /// In the order of [`COLUMNS`].
    fn values(&self) -> [f64; COLUMNS.len()] {
        [
            self.build_s,
            self.component_mb,
            self.add_ms,
            median(&self.add_again_ms),
            self.first_job_ms,
            median(&self.restart_job_ms),
            self.start_ms,
            median(&self.job_ms),
            self.job_memory_mib,
            median(&self.lines_cpu_ms),
        ]
    }
}

/// On a host in an empty folder, where nothing is compiled yet; a table in Markdown, too.
///
/// A language whose module is not there is said to be not measured.
pub(in crate::bench) fn measure(stage: &Stage<'_>, report: &mut Report) -> Result<()> {
    let folder = stage.folder("host")?;
    let server = stage.host_in(&folder, report, &[])?;
    let mut rows = Vec::new();
    for (key, language) in LANGUAGES {
        let module = module(key);
        if !stage.modules.join(&module).with_extension("wasm").is_file() {
            say(format_args!("bench: {language} is not measured, there is no {module}.wasm"));
            continue;
        }
        say(format_args!("bench: a module in {language}"));
        let component = stage.component(&module)?;
        let build_s = first_build(stage.workspace, key.parse()?, &folder)?;
        // Only now: the host closes connections that rest for as long as a build takes.
        let mut api = Api::connect(server.address())?;
        let costs = costs(&mut api, &module, &component).with_context(|| format!("with {module}"))?;
        rows.push(Row { key, language, costs: Costs { build_s, ..costs } });
    }
    server.stop()?;
    for _ in 0..ADDS {
        let server = stage.host_in(&folder, report, &[])?;
        let mut api = Api::connect(server.address())?;
        for row in &mut rows {
            row.costs.restart_job_ms.push(complete(&mut api, &nothing(&module(row.key)))?.0);
        }
        server.stop()?;
    }
    rows.iter().flat_map(Row::figures).for_each(|figure| report.add(figure));
    let text = markdown(&rows);
    report.note(text.clone());
    report.add_part(Part { page: "docs/authors/README.md", name: "languages".to_owned(), text });
    Ok(())
}

fn module(language: &str) -> String {
    format!("conformance-{language}")
}

fn nothing(module: &str) -> Value {
    json!({"module_id": module, "inputs": {"behaviour": "log-many"}})
}

/// Seconds of what an author waits for after `cofferdam new`: once, as it is the first time.
fn first_build(workspace: &Workspace, language: Language, folder: &std::path::Path) -> Result<f64> {
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

/// All figures but those of the build and of the host's starts.
#[expect(clippy::cast_precision_loss, reason = "a component is smaller than 2^53 bytes")]
fn costs(api: &mut Api, module: &str, component: &[u8]) -> Result<Costs> {
    let add_ms = add(api, component)?;
    let nothing = nothing(module);
    let first_job_ms = complete(api, &nothing)?.0;
    let mut costs = Costs { component_mb: component.len() as f64 / 1e6, add_ms, first_job_ms, ..Costs::default() };
    for _ in 0..ADDS {
        api.remove_module(&format!("{module}@0.1.0"))?;
        costs.add_again_ms.push(add(api, component)?);
    }
    for _ in 0..ROUNDS {
        let (time, id) = complete(api, &nothing)?;
        costs.job_ms.push(time);
        costs.job_memory_mib = costs.job_memory_mib.max(usage(api, &id, "peak_memory_bytes")? / f64::from(1 << 20));
    }
    costs.start_ms = start_ms(api, module)?;
    let lines = json!({"module_id": module, "inputs": {"behaviour": "log-many", "count": LINES}});
    for _ in 0..ADDS {
        let id = complete(api, &lines)?.1;
        costs.lines_cpu_ms.push(usage(api, &id, "cpu_time_ms")?);
    }
    Ok(costs)
}

/// How many milliseconds it takes.
fn add(api: &mut Api, component: &[u8]) -> Result<f64> {
    let start = Instant::now();
    api.add_module(component)?;
    Ok(milliseconds(start.elapsed()))
}

/// Milliseconds from the start to the end at the client, and the job's id.
fn complete(api: &mut Api, job: &Value) -> Result<(f64, String)> {
    let start = Instant::now();
    let id = api.start_job(job.to_string().as_bytes())?;
    let end = api.follow_to_end(&id, |_| {})?;
    let time = milliseconds(start.elapsed());
    completed(&id, &end)?;
    Ok((time, id))
}

/// Mean milliseconds from the moment in which a job was claimed to its first line.
///
/// A job's stamp and its line's are whole milliseconds of the same clock, cut off alike, so that the mean of many
/// differences is right to a few hundredths. The stamp is from before the claim was stored; how long storing it took, the
/// host tells.
fn start_ms(api: &mut Api, module: &str) -> Result<f64> {
    let job = json!({"module_id": module, "inputs": {"behaviour": "log-many", "count": 1}});
    let before = api.metrics()?;
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let id = api.start_job(job.to_string().as_bytes())?;
        let mut line = Value::Null;
        let end = api.follow_to_end(&id, |next| line = next["time"].clone())?;
        completed(&id, &end)?;
        let stamp = |stamp: &Value| stamps::parse(stamp.as_str().with_context(|| format!("job {id} has no stamp"))?);
        let claimed = stamp(&api.job(&id)?["started_at"])?;
        times.push(milliseconds(stamp(&line)?.duration_since(claimed).unwrap_or(Duration::ZERO)));
    }
    let claim_s = api.metrics()?.mean_since(&before, "cofferdam_claim_seconds").0;
    Ok(mean(&times) - claim_s * 1000.0)
}

fn completed(id: &str, end: &JobEnd) -> Result<()> {
    if end.status != "completed" {
        bail!("job {id} is {}, not completed", end.status);
    }
    Ok(())
}

fn usage(api: &mut Api, id: &str, what: &str) -> Result<f64> {
    let job = api.job(id)?;
    job["usage"][what].as_f64().with_context(|| format!("a job without usage.{what}: {job}"))
}

impl Row {
    fn figures(&self) -> impl Iterator<Item = Figure> {
        COLUMNS.iter().zip(self.costs.values()).map(|(column, value)| {
            let goal = GOALS.iter().find(|(language, key, _)| (*language, *key) == (self.key, column.key));
            let key = format!("language_{}_{}", self.key, column.key);
            let what = format!("a module in {}: {}", self.language, column.what);
            Figure::cost(key, what, column.unit, vec![value]).goal(goal.map(|(_, _, goal)| *goal))
        })
    }
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
        for (column, value) in COLUMNS.iter().zip(row.costs.values()) {
            write!(table, " {} {} |", rounded(value), column.unit).expect("a string takes everything");
        }
    }
    table.push('\n');
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let costs = Costs {
            build_s: 33.3,
            component_mb: 0.2284,
            add_ms: 104.6,
            add_again_ms: vec![2.04],
            first_job_ms: 9.0,
            restart_job_ms: vec![4.0, 8.0, 6.0],
            start_ms: 1.0,
            job_ms: vec![1.5],
            job_memory_mib: 0.5625,
            lines_cpu_ms: vec![5.0],
        };
        Row { key: "python", language: "Python", costs }
    }

    #[test]
    fn the_table_has_a_column_for_each_figure() {
        let table = markdown(&[row()]);
        let lines: Vec<_> = table.lines().collect();
        let [heading, rule, row] = lines[..] else { panic!("not three lines: {table}") };
        assert!(heading.starts_with("| language | built first | component |"), "{heading}");
        assert_eq!(rule, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        let cells = "| Python | 33.3 s | 0.228 MB | 105 ms | 2.04 ms | 9.00 ms | 6.00 ms | 1.00 ms | 1.50 ms | 0.562 MiB | 5.00 ms |";
        assert_eq!(row, cells);
    }

    #[test]
    fn each_figure_has_a_key_of_its_language_and_its_goal() {
        let figures: Vec<_> = row().figures().collect();
        assert_eq!(figures[0].key, "language_python_build_s");
        let start = figures.iter().find(|figure| figure.key == "language_python_start_ms").expect("there is one");
        assert_eq!(start.is_met(), Some(true));
        assert_eq!(figures.iter().filter(|figure| figure.goal.is_some()).count(), 1);
    }
}
