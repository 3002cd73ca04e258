//! C: Zig's compiler makes a core module, which is wrapped.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_encoder::{Module, RawSection};
use wasmparser::{Parser, Payload};

use super::wrap::wrap;
use crate::process::quietly;
use crate::toolchain::compiler;
use crate::{BuildError, Project, Workshop};

/// Arguments for every project. Zig takes asserts out of optimized code unless told otherwise; without line tables it
/// leaves the names of functions out too, and a backtrace has none.
const ARGUMENTS: [&str; 9] = [
    "-std=c11",
    "-Os",
    "-gline-tables-only",
    "-UNDEBUG",
    "-Wall",
    "-Wextra",
    "-Wl,-z,stack-size=262144",
    "-DYYJSON_DISABLE_UTILS=1",
    "-DYYJSON_DISABLE_NON_STANDARD=1",
];
/// One argument of the project's own a line, as clang's tools read it.
const FLAGS: &str = "compile_flags.txt";

pub(crate) fn build(workshop: &Workshop, project: &Project, component: &Path) -> Result<(), BuildError> {
    let (folder, sdk) = (&project.folder, &project.sdk);
    let core = component.with_extension("core.wasm");
    let mut compile = compiler(workshop)?;
    compile.current_dir(folder).env("ZIG_LOCAL_CACHE_DIR", workshop.tool_folder("zig-cache")?);
    compile.args(ARGUMENTS).args(flags(folder)?);
    compile.arg("-I").arg(sdk.join("include")).arg("-isystem").arg(sdk.join("third_party/yyjson"));
    compile.arg("-o").arg(&core);
    // The SDK's before the project's: what it has in place of functions of the C library is taken only where it comes first.
    compile.args(sources(&sdk.join("src"))?).arg(sdk.join("bindings/module.c"));
    compile.arg(sdk.join("third_party/yyjson/yyjson.c"));
    // As relative paths, so that messages name them so.
    for part in ["", "src"] {
        compile.args(sources(&folder.join(part))?.iter().filter_map(|file| file.strip_prefix(folder).ok()));
    }
    quietly(&mut compile)?;

    let module = fs::read(&core).map_err(BuildError::file("read", &core))?;
    let without = without_debug_sections(&module)
        .map_err(|error| BuildError::Project(format!("the compiler made no module: {error}")))?;
    fs::write(&core, without).map_err(BuildError::file("write", &core))?;
    let wrapped = wrap(project, &core, component);
    // Only a step on the way; nothing depends on its removal.
    let _ = fs::remove_file(core);
    wrapped
}

/// The C files of a folder, in order; none when there is no such folder.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, BuildError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let refuse = || BuildError::file("read", folder);
    let entries = fs::read_dir(folder).map_err(refuse())?.collect::<Result<Vec<_>, _>>().map_err(refuse())?;
    let files = entries.into_iter().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|ending| ending == "c")).collect();
    files.sort();
    Ok(files)
}

fn flags(folder: &Path) -> Result<Vec<String>, BuildError> {
    let path = folder.join(FLAGS);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(&path).map_err(BuildError::file("read", &path))?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// The C library brings a megabyte of them along.
fn without_debug_sections(module: &[u8]) -> wasmparser::Result<Vec<u8>> {
    let mut kept = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        let is_debug = matches!(&payload, Payload::CustomSection(section) if section.name().starts_with(".debug_"));
        if let Some((id, range)) = payload.as_section()
            && !is_debug
        {
            kept.section(&RawSection { id, data: &module[range] });
        }
    }
    Ok(kept.finish())
}

#[cfg(test)]
mod tests {
    use wasm_encoder::CustomSection;

    use super::*;

    #[test]
    fn only_debug_sections_go() {
        let mut module = Module::new();
        let custom = |name: &'static str| CustomSection { name: name.into(), data: (&b"abc"[..]).into() };
        module.section(&custom("name"));
        let expected = module.clone().finish();
        module.section(&custom(".debug_line"));
        assert_eq!(without_debug_sections(&module.finish()).expect("a module"), expected);
        assert!(without_debug_sections(b"no module").is_err());
    }
}
