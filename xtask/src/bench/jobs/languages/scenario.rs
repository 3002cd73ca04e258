//! All languages on one host: from the first build of a project to the first job after a start of the host.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use cofferdam_build::{Language, Way, begin};

use super::costs::{self, ADDS, Costs};
use super::table::{Row, markdown};
use crate::bench::report::{Part, Report};
use crate::bench::stage::Stage;
use crate::guests::workshop;
use crate::process::say;
use crate::server::Api;
use crate::workspace::Workspace;

/// As in the names of the modules, and as people write them.
const LANGUAGES: [(&str, &str); 5] =
    [("rust", "Rust"), ("c", "C"), ("go", "Go"), ("javascript", "JavaScript"), ("python", "Python")];

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
        let costs = costs::of(&mut api, &module, &component).with_context(|| format!("with {module}"))?;
        rows.push(Row { key, language, costs: Costs { build_s, ..costs } });
    }
    server.stop()?;
    for _ in 0..ADDS {
        let server = stage.host_in(&folder, report, &[])?;
        let mut api = Api::connect(server.address())?;
        for row in &mut rows {
            row.costs.restart_job_ms.push(costs::complete(&mut api, &costs::nothing(&module(row.key)))?.0);
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
